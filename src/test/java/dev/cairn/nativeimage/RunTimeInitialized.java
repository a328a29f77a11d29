package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The classes that the builder is told to leave for run time.
 *
 * @param names of classes, and of packages, which stand for everything in them
 */
record RunTimeInitialized(Set<String> names) {

    private static final String OPTION = "--initialize-at-run-time=";

    /** What Cairn's own configuration says. */
    static RunTimeInitialized byCairn() throws IOException {
        try (InputStream file =
                Files.newInputStream(NativeConfiguration.DIRECTORY.resolve("native-image.properties"))) {
            return new RunTimeInitialized(inProperties(file));
        }
    }

    /** What the properties beside some configuration say. */
    static Set<String> inProperties(InputStream file) throws IOException {
        Properties properties = new Properties();
        properties.load(file);
        return inArguments(
                Arrays.asList(properties.getProperty("Args", "").trim().split("\\s+")));
    }

    /** What the builder's arguments say. */
    static Set<String> inArguments(Collection<String> arguments) {
        Set<String> names = new HashSet<>();
        arguments.stream()
                .filter(argument -> argument.startsWith(OPTION))
                .flatMap(argument ->
                        Stream.of(argument.substring(OPTION.length()).split(",")))
                .forEach(names::add);
        return names;
    }

    boolean contains(String name) {
        if (names.contains(name)) {
            return true;
        }
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            if (names.contains(name.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }
}
