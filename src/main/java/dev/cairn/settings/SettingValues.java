package dev.cairn.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** The catalog's settings, read from a configuration. */
final class SettingValues {

    private final Config config;
    private final Findings findings;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    private SettingValues(Config config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    /** Reads all of them. What cannot be used becomes a problem, and is not there afterwards. */
    static SettingValues read(List<Setting<?>> settings, Config config, Findings findings) {
        var values = new SettingValues(config, findings);
        settings.forEach(values::readOne);
        return values;
    }

    /** The value of a setting that had no problem. */
    <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalStateException(setting.name() + " had a problem and has no value"));
    }

    /** The value of a setting, or empty if it had a problem. */
    @SuppressWarnings("unchecked") // readOne stores nothing but what the setting's own parser returned
    <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable((T) values.get(setting.name()));
    }

    /** How the value of a setting was written. */
    String text(Setting<?> setting) {
        return texts.getOrDefault(setting.name(), "");
    }

    private void readOne(Setting<?> setting) {
        List<String> used = setting.spellings().filter(this::isSet).toList();
        if (used.size() > 1) {
            findings.warning("%s and %s are two names of one setting and both are set; the second one counts."
                    .formatted(used.get(0), used.get(1)));
        }
        if (used.isEmpty()) {
            setting.fallback()
                    .text()
                    .apply(config)
                    .ifPresentOrElse(
                            text -> parse(setting, setting.name(), text), () -> findings.problem(missing(setting)));
        } else {
            String name = used.get(used.size() - 1);
            ConfigValue value = config.getConfigValue(name);
            if (isUnresolved(value)) {
                findings.problem(unresolved(name, shown(setting, value.getRawValue())));
            } else {
                parse(setting, name, value.getValue().strip());
            }
        }
    }

    private boolean isSet(String name) {
        return isSet(config, name);
    }

    /** Whether a setting has a value, or is meant to have one. */
    static boolean isSet(Config config, String name) {
        ConfigValue value = config.getConfigValue(name);
        return isUnresolved(value)
                || (value.getValue() != null && !value.getValue().isBlank());
    }

    private void parse(Setting<?> setting, String name, String text) {
        try {
            values.put(setting.name(), setting.parser().parse(text));
            texts.put(setting.name(), text);
        } catch (InvalidValueException e) {
            findings.problem(Problem.ofValue(name, shown(setting, text), e.getMessage(), e.wayOut()));
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
