package dev.cairn.settings;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;

/** The names that a configuration lists, by where they come from. */
final class PropertyNames {

    private static final Pattern VARIABLE = Pattern.compile("[A-Z0-9_]+");

    private PropertyNames() {}

    /** Names that someone wrote as they are: in a file, on the command line. */
    static Stream<String> outsideEnvironment(Config config) {
        Set<String> all = all(config);
        // For every KAFKA_HOME the configuration lists a kafka.home as well, which no one wrote.
        return all.stream()
                .filter(name -> !VARIABLE.matcher(name).matches())
                .filter(name -> !all.contains(Setting.environmentVariable(name)));
    }

    /** Names of environment variables. */
    static Stream<String> environment(Config config) {
        return all(config).stream().filter(name -> VARIABLE.matcher(name).matches());
    }

    private static Set<String> all(Config config) {
        var names = new HashSet<String>();
        config.getPropertyNames().forEach(names::add);
        return names;
    }
}
