package dev.cairn.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** Settings of a configuration, each read where it is first asked for. Once all are read, any number of threads may ask. */
final class SettingValues {

    private final Config config;
    private final Findings findings;
    private final Map<String, Optional<?>> values = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, NamedTopics> topics = new HashMap<>();

    SettingValues(Config config) {
        this(config, new Findings());
    }

    /** @param findings is told what cannot be used, and what is worth a warning */
    SettingValues(Config config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    /** The value of a setting. @throws SettingsException if it cannot be used */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(findings::exception);
    }

    /** The value of a setting, or empty if it has a problem. */
    @SuppressWarnings("unchecked") // readOne returns nothing but what the setting's own parser returned
    <T> Optional<T> find(Setting<T> setting) {
        if (!values.containsKey(setting.name())) {
            values.put(setting.name(), readOne(setting));
        }
        return (Optional<T>) values.get(setting.name());
    }

    /** How the value of a setting was written. */
    String text(Setting<?> setting) {
        return texts.getOrDefault(setting.name(), "");
    }

    /** The topics of the inputs or of the outputs that have names. */
    NamedTopics topics(String kind) {
        return topics.computeIfAbsent(kind, each -> NamedTopics.read(config, each, findings));
    }

    private <T> Optional<T> readOne(Setting<T> setting) {
        List<String> used = setting.spellings().filter(this::isSet).toList();
        if (used.size() > 1) {
            findings.warning("%s and %s are two names of one setting and both are set; the second one counts."
                    .formatted(used.get(0), used.get(1)));
        }
        if (used.isEmpty()) {
            Optional<String> fallback = setting.fallback().text().apply(config);
            if (fallback.isEmpty()) {
                findings.problem(missing(setting));
            }
            return fallback.flatMap(text -> parse(setting, setting.name(), text));
        }
        String name = used.get(used.size() - 1);
        ConfigValue value = config.getConfigValue(name);
        if (isUnresolved(value)) {
            findings.problem(unresolved(name, shown(setting, value.getRawValue())));
            return Optional.empty();
        }
        return parse(setting, name, value.getValue().strip());
    }

    /** Whether a setting has a value, or is meant to have one. */
    boolean isSet(Setting<?> setting) {
        return setting.spellings().anyMatch(this::isSet);
    }

    private boolean isSet(String name) {
        ConfigValue value = config.getConfigValue(name);
        return isUnresolved(value)
                || (value.getValue() != null && !value.getValue().isBlank());
    }

    private <T> Optional<T> parse(Setting<T> setting, String name, String text) {
        try {
            T value = setting.parser().parse(text);
            texts.put(setting.name(), text);
            return Optional.of(value);
        } catch (InvalidValueException e) {
            findings.problem(e.problem(name, shown(setting, text)));
            return Optional.empty();
        }
    }

    private static String shown(Setting<?> setting, String text) {
        return setting.secret() ? "hidden" : text;
    }

    private static Problem missing(Setting<?> setting) {
        return Problem.ofMissing(
                setting.name(),
                "required, but not set",
                "Set it, or the environment variable %s. %s"
                        .formatted(Setting.environmentVariable(setting.name()), setting.description()));
    }

    /** Whether this is a value such as <code>${NAME}</code>, where that name has none. */
    static boolean isUnresolved(ConfigValue value) {
        return value.getValue() == null && value.getRawValue() != null;
    }

    /** The problem of an unresolved value. */
    static Problem unresolved(String name, String text) {
        return Problem.ofValue(
                name, text, "refers to something that is not set", "Set that, or give a default: ${name:default}.");
    }
}
