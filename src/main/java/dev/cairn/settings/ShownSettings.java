package dev.cairn.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** All settings as they may be shown: those of the catalog, and others that someone has set. */
public final class ShownSettings {

    private static final List<String> ROOTS =
            List.of("cairn.", "execution.", "state.", "taskmanager.", "kafka.", "quarkus.", "mp.messaging.");
    private static final String DEFAULT = "default";

    private ShownSettings() {}

    /** Reads them, in the catalog's order, the others after it by their names. */
    public static List<ShownSetting> read(Config config) {
        List<ShownSetting> shown = new ArrayList<>();
        SettingCatalog.all().forEach(setting -> shown.add(ofCatalog(setting, config)));
        others(config)
                .map(config::getConfigValue)
                .filter(ShownSettings::isSet)
                .map(value -> new ShownSetting(
                        value.getName(),
                        SecretSettings.shown(value.getName(), value.getValue()),
                        value.getSourceName(),
                        false))
                .forEach(shown::add);
        return shown;
    }

    private static ShownSetting ofCatalog(Setting<?> setting, Config config) {
        Optional<ConfigValue> set = setting.spellings()
                .map(config::getConfigValue)
                .filter(value -> value.getValue() != null && !value.getValue().isBlank())
                .reduce((older, newer) -> newer);
        String text = set.map(value -> value.getValue().strip())
                .or(() -> setting.fallback().text().apply(config))
                .orElse("");
        String value = setting.secret() && !text.isEmpty()
                ? SecretSettings.HIDDEN
                : SecretSettings.shown(setting.name(), text);
        return new ShownSetting(
                setting.name(), value, set.map(ConfigValue::getSourceName).orElse(DEFAULT), set.isEmpty());
    }

    private static Stream<String> others(Config config) {
        Set<String> catalog = SettingCatalog.spellings();
        // For every KAFKA_HOME the configuration lists a kafka.home as well, which no one wrote.
        Set<String> foreign = PropertyNames.environment(config)
                .filter(name -> name.startsWith("KAFKA_"))
                .collect(Collectors.toSet());
        Set<String> clients = KafkaSettings.knownNames();
        Set<String> names = new TreeSet<>();
        config.getPropertyNames().forEach(names::add);
        clients.forEach(name -> names.add("kafka." + name));
        return names.stream()
                .filter(name -> ROOTS.stream().anyMatch(name::startsWith) && !catalog.contains(name))
                .filter(name -> !foreign.contains(Setting.environmentVariable(name))
                        || clients.contains(name.substring("kafka.".length())));
    }

    /** Whether someone has set it: a file, the environment, the command line; not the application as it was built. */
    private static boolean isSet(ConfigValue value) {
        return value.getValue() != null && value.getSourceOrdinal() > 0;
    }
}
