package dev.cairn.settings;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.kafka.common.config.ConfigDef;

/** Which settings are not for everyone to see. In doubt, one is a secret. */
final class SecretSettings {

    static final String HIDDEN = "******";

    private static final Pattern TELLING =
            Pattern.compile("(?i).*(passw|passphrase|pwd|secret|token|credential|jaas|private|"
                    + "signature|authorization|cookie|headers|kms|(access|api|client|account|session|encryption)[._-]?key).*"
                    + "|(?i)(.*[._\"-])?(keys?|pin|salt|auth|user|username)");
    /** Also with a slip: what someone misspells is set nevertheless. */
    private static final List<String> WORDS =
            List.of("password", "passphrase", "secret", "token", "credential", "credentials", "private");

    private static final Pattern USER_OF_URL = Pattern.compile("(?<=://)[^/@\\s,]+(?=@)");
    private static final Pattern PARAMETER_OF_URL =
            Pattern.compile("(?i)([?&;][^=&;]*(?:passw|secret|token|key|sig|credential|user)[^=&;]*=)[^&;\\s,]*");
    /** Of the ready-made processors, which read them by themselves. */
    static final Set<String> READY_MADE = Set.of(
            "cairn.aggregate.value",
            "cairn.window.kind",
            "cairn.window.size",
            "cairn.window.hop",
            "cairn.window.gap",
            "cairn.window.value",
            "cairn.window.functions",
            "cairn.window.lateness",
            "cairn.window.emit",
            "cairn.deduplicate.ttl",
            "cairn.deduplicate.id",
            "cairn.deduplicate.time");

    private static final Pattern KAFKA = Pattern.compile("kafka\\.(.+)");

    private SecretSettings() {}

    /** The value of a setting as it may be shown. */
    static String shown(String name, String value) {
        if (value.isEmpty()) {
            return value;
        }
        return isSecret(name) ? HIDDEN : withoutCredentials(value);
    }

    private static boolean isSecret(String name) {
        var kafka = KAFKA.matcher(name);
        if (kafka.matches()) {
            // What no client knows is for a plug-in, and anything.
            return KafkaSettingsReader.definitionsOf(kafka.group(1))
                    .findFirst()
                    .map(definition -> definition.type == ConfigDef.Type.PASSWORD)
                    .orElse(true);
        }
        return TELLING.matcher(name).matches() || isMisspelt(name) || isUnknown(name);
    }

    private static boolean isMisspelt(String name) {
        return Stream.of(name.split("[._\"-]+", -1))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .anyMatch(word -> NearestName.to(word, WORDS).isPresent());
    }

    /** One of Cairn's names that Cairn does not know: a slip, or a processor's own. */
    private static boolean isUnknown(String name) {
        return MistypedNames.ROOTS.stream().anyMatch(name::startsWith)
                && !READY_MADE.contains(name)
                && !NamedTopics.isSetting(name)
                && !SettingCatalog.spellings().contains(name);
    }

    /** A text without what addresses in it tell of who asks. */
    static String withoutCredentials(String value) {
        return PARAMETER_OF_URL
                .matcher(USER_OF_URL.matcher(value).replaceAll(HIDDEN))
                .replaceAll("$1" + HIDDEN);
    }
}
