package dev.cairn.demo;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.core.JsonPointer;

/**
 * How the demo was asked to run, by system properties or environment variables; the former win.
 *
 * @param directory {@code cairn.demo.dir}: everything that it keeps ({@code data/demo})
 * @param file {@code cairn.demo.input} with {@code cairn.demo.key} and {@code cairn.aggregate.value}: a file of JSON lines
 *     as traffic, or synthetic events where it is empty
 * @param ratePerSecond {@code cairn.demo.rate}: records per second (1000), or empty for {@code max}, as fast as possible
 * @param worker settings of the worker that the user gave, by the names of their environment variables
 */
record DemoSettings(Path directory, Optional<InputFile> file, OptionalInt ratePerSecond, Map<String, String> worker) {

    private static final String DIRECTORY = "cairn.demo.dir";
    private static final String INPUT = "cairn.demo.input";
    private static final String KEY = "cairn.demo.key";
    private static final String RATE = "cairn.demo.rate";
    private static final String VALUE = "cairn.aggregate.value";
    private static final List<String> PREFIXES_OF_WORKERS =
            List.of("cairn.", "kafka.", "state.", "execution.", "taskmanager.", "quarkus.");
    private static final String PREFIX_OF_DEMO = environmentName("cairn.demo.");

    /**
     * A file of JSON lines.
     *
     * @param path the file
     * @param key where each line has its record's key
     * @param value where each line has the number to aggregate
     */
    record InputFile(Path path, JsonPointer key, JsonPointer value) {}

    /** The rate, for people. */
    String rateDescription() {
        return ratePerSecond.isPresent()
                ? String.format(Locale.ROOT, "%,d records/s", ratePerSecond.getAsInt())
                : "as fast as possible";
    }

    /** Reads what was asked for. @throws DemoException when that makes no sense */
    static DemoSettings read(Map<String, String> properties, Map<String, String> environment) {
        Lookup lookup = new Lookup(properties, environment);
        return new DemoSettings(
                Path.of(lookup.find(DIRECTORY).orElse("data/demo"))
                        .toAbsolutePath()
                        .normalize(),
                file(lookup),
                lookup.find(RATE).map(DemoSettings::rate).orElse(OptionalInt.of(1000)),
                worker(properties, environment));
    }

    private static Optional<InputFile> file(Lookup lookup) {
        Optional<String> input = lookup.find(INPUT);
        if (input.isEmpty()) {
            if (lookup.find(KEY).isPresent()) {
                throw new DemoException(KEY + " is set, but " + INPUT + " is not: which file is it for?");
            }
            return Optional.empty();
        }
        JsonPointer key = pointer(KEY, lookup, "where each line of " + input.get() + " has its key, such as /origin");
        JsonPointer value =
                pointer(VALUE, lookup, "where each line of " + input.get() + " has its number, such as /delay");
        return Optional.of(new InputFile(Path.of(input.get()).toAbsolutePath().normalize(), key, value));
    }

    private static JsonPointer pointer(String setting, Lookup lookup, String meaning) {
        String text = lookup.find(setting).orElseThrow(() -> new DemoException(setting + " is missing: " + meaning));
        try {
            return JsonPointer.compile(text);
        } catch (IllegalArgumentException e) {
            throw new DemoException(setting + "=" + text + " is no JSON pointer: " + meaning, e);
        }
    }

    private static OptionalInt rate(String text) {
        if (text.equals("max")) {
            return OptionalInt.empty();
        }
        try {
            int rate = Integer.parseInt(text.replace("_", "").replace(",", ""));
            if (rate > 0) {
                return OptionalInt.of(rate);
            }
        } catch (NumberFormatException e) {
            // Said below, with zero and less.
        }
        throw new DemoException(RATE + "=" + text + " is neither a number of records per second nor max");
    }

    private static Map<String, String> worker(Map<String, String> properties, Map<String, String> environment) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> prefixes =
                PREFIXES_OF_WORKERS.stream().map(DemoSettings::environmentName).toList();
        environment.forEach((name, value) -> {
            if (prefixes.stream().anyMatch(name::startsWith)) {
                settings.put(name, value);
            }
        });
        properties.forEach((name, value) -> {
            if (PREFIXES_OF_WORKERS.stream().anyMatch(name::startsWith)) {
                settings.put(environmentName(name), value);
            }
        });
        settings.keySet().removeIf(name -> name.startsWith(PREFIX_OF_DEMO));
        return settings;
    }

    private static String environmentName(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private record Lookup(Map<String, String> properties, Map<String, String> environment) {

        Optional<String> find(String setting) {
            return Optional.ofNullable(properties.get(setting))
                    .or(() -> Optional.ofNullable(environment.get(environmentName(setting))))
                    .filter(value -> !value.isBlank());
        }
    }
}
