package dev.cairn.processors;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonPointer;
import org.eclipse.microprofile.config.Config;

/** Reads settings of a ready-made processor. What is wrong with one is an {@link IllegalArgumentException} that names it. */
final class ReadyMadeSettings {

    // RFC 6901, but for the empty pointer: the whole document is never meant by a setting that is left empty.
    private static final Pattern POINTER = Pattern.compile("/([^~]|~[01])*", Pattern.DOTALL);

    private static final Pattern DURATION = Pattern.compile("(\\d{1,18})\\s*(ms|s|min|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Config config;

    ReadyMadeSettings(Config config) {
        this.config = config;
    }

    /** Refuses settings of the processor that it does not have, such as misspelt ones. */
    void requireKnown(String prefix, List<String> known) {
        Map<String, String> set = new TreeMap<>();
        config.getPropertyNames().forEach(name -> set.put(variable(name), name));
        Set<String> variables = known.stream().map(ReadyMadeSettings::variable).collect(Collectors.toSet());
        set.forEach((variable, name) -> {
            if (variable.startsWith(variable(prefix)) && !variables.contains(variable)) {
                throw new IllegalArgumentException(
                        name + " is set, but there is no such setting: there are " + String.join(", ", known));
            }
        });
    }

    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Nothing where it is not set, or left empty. */
    Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(text -> !text.isEmpty());
    }

    Optional<JsonPointer> pointer(String name) {
        return text(name).map(text -> pointer(name, text));
    }

    static JsonPointer pointer(String name, String text) {
        if (!POINTER.matcher(text).matches()) {
            throw new IllegalArgumentException(name + "=" + text
                    + " is not a JSON pointer: write a '/' before each name, such as /delay or /order/total"
                    + " ('~1' for '/' and '~0' for '~' in a name)");
        }
        return JsonPointer.compile(text);
    }

    /** At most 100 years. */
    Optional<Duration> duration(String name) {
        return text(name).map(text -> {
            Duration duration = parse(text);
            if (duration == null || duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
                throw new IllegalArgumentException(
                        name + "=" + text + " is not a duration: write 500ms, 10s, 5min, 1h, 7d or PT10S");
            }
            if (duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        name + "=" + text + " is too long: the longest duration is " + LONGEST.toDays() + "d");
            }
            return duration;
        });
    }

    /** {@code null} where it is none. */
    private static Duration parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        try {
            return matcher.matches()
                    ? UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)))
                    : Duration.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** One of the constants, written in lower case. */
    <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
        return text(name).map(text -> choice(name, text, type));
    }

    static <E extends Enum<E>> E choice(String name, String text, Class<E> type) {
        E[] all = type.getEnumConstants();
        return Arrays.stream(all)
                .filter(each -> written(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " has " + text + ", and may have "
                        + Arrays.stream(all).map(ReadyMadeSettings::written).collect(Collectors.joining(", "))));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static IllegalArgumentException missing(String name, String what) {
        return new IllegalArgumentException(name + " is not set: it is " + what);
    }
}
