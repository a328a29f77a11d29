package dev.cairn.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * Topics of the inputs or of the outputs that have a name: {@code cairn.input.<name>.topic}. Names that differ only in their
 * case, or in other characters than letters and digits, are one, because environment variables cannot tell them apart.
 * Immutable.
 */
public final class NamedTopics {

    static final String INPUT = "input";
    static final String OUTPUT = "output";

    private static final Pattern SETTING = Pattern.compile("cairn\\.(" + INPUT + "|" + OUTPUT + ")\\.(.+)\\.topic");
    private static final Pattern VARIABLE = Pattern.compile("CAIRN_(INPUT|OUTPUT)_(.+)_TOPIC");

    private final String kind;
    private final Map<String, Mapping> mappings;

    /** One of them, as it is set. */
    private record Mapping(String setting, String topic) {}

    private NamedTopics(String kind, Map<String, Mapping> mappings) {
        this.kind = kind;
        this.mappings = mappings;
    }

    /** @param kind {@link #INPUT} or {@link #OUTPUT} */
    static NamedTopics read(Config config, String kind, Findings findings) {
        Map<String, Mapping> mappings = new TreeMap<>();
        for (String setting : settings(config, kind)) {
            ConfigValue value = config.getConfigValue(setting);
            if (SettingValues.isUnresolved(value)) {
                findings.problem(SettingValues.unresolved(setting, value.getRawValue()));
            } else if (value.getValue() != null && !value.getValue().isBlank()) {
                add(setting, value.getValue().strip(), mappings, findings);
            }
        }
        return new NamedTopics(kind, mappings);
    }

    private static void add(String setting, String topic, Map<String, Mapping> mappings, Findings findings) {
        try {
            Mapping mapping = new Mapping(setting, Parsers.topic().parse(topic));
            Mapping other = mappings.putIfAbsent(Setting.environmentVariable(setting), mapping);
            if (other != null && !other.topic().equals(topic)) {
                findings.problem(Problem.ofValue(
                        setting,
                        topic,
                        "the same name as in " + other.setting() + ", with another topic",
                        "Remove one."));
            }
        } catch (InvalidValueException e) {
            findings.problem(e.problem(setting, topic));
        }
    }

    /** Whether one of this kind is set. */
    static boolean areSet(Config config, String kind) {
        return settings(config, kind).stream().anyMatch(setting -> {
            ConfigValue value = config.getConfigValue(setting);
            return SettingValues.isUnresolved(value)
                    || (value.getValue() != null && !value.getValue().isBlank());
        });
    }

    /** Their settings; a variable that no other source has as a property stands for itself. */
    private static Set<String> settings(Config config, String kind) {
        Set<String> settings = new TreeSet<>();
        config.getPropertyNames().forEach(name -> {
            if (name.startsWith("cairn." + kind + ".") && isSetting(name)) {
                settings.add(name);
            }
        });
        Set<String> asVariables =
                settings.stream().map(Setting::environmentVariable).collect(Collectors.toSet());
        PropertyNames.environment(config)
                .filter(name -> name.startsWith(Setting.environmentVariable("cairn." + kind + ".")) && isVariable(name))
                .filter(name -> !asVariables.contains(name))
                .forEach(settings::add);
        return settings;
    }

    /** Whether a property is one of these settings. */
    static boolean isSetting(String property) {
        return SETTING.matcher(property).matches();
    }

    /** Whether an environment variable is one of these settings. */
    static boolean isVariable(String variable) {
        return VARIABLE.matcher(variable).matches();
    }

    /** The setting that maps a name. */
    public String setting(String name) {
        return "cairn." + kind + "." + name + ".topic";
    }

    /** The topic of a name: the one of its setting, or that of the name itself. */
    public String topic(String name) {
        Mapping mapping = mappings.get(Setting.environmentVariable(setting(name)));
        return mapping == null ? name : mapping.topic();
    }

    /** The topics that are set, in the order of the names, each once. */
    public List<String> topics() {
        return mappings.values().stream().map(Mapping::topic).distinct().toList();
    }

    /** The settings, each with its topic. */
    Map<String, String> bySetting() {
        Map<String, String> topics = new TreeMap<>();
        mappings.values().forEach(mapping -> topics.put(mapping.setting(), mapping.topic()));
        return topics;
    }

    /** The settings whose names are none of these. */
    public List<String> others(Collection<String> names) {
        Set<String> known = names.stream()
                .map(name -> Setting.environmentVariable(setting(name)))
                .collect(Collectors.toSet());
        List<String> others = new ArrayList<>();
        mappings.forEach((variable, mapping) -> {
            if (!known.contains(variable)) {
                others.add(mapping.setting());
            }
        });
        return others;
    }
}
