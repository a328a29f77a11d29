package dev.cairn.settings;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Every setting, in the order in which documents show them. */
final class SettingCatalog {

    static final List<SettingGroup> GROUPS = List.of(
            KafkaSettings.GROUP,
            JobSettings.GROUP,
            CheckpointSettings.GROUP,
            LocalSettings.GROUP,
            RecoverySettings.GROUP,
            S3Settings.GROUP,
            SecuritySettings.GROUP,
            HttpSettings.GROUP,
            KubernetesSettings.GROUP);

    private SettingCatalog() {}

    /** Every name that a setting goes by. */
    static Set<String> spellings() {
        return all().stream().flatMap(Setting::spellings).collect(Collectors.toUnmodifiableSet());
    }

    static List<Setting<?>> all() {
        return GROUPS.stream()
                .<Setting<?>>flatMap(group -> group.all().stream())
                .toList();
    }
}
