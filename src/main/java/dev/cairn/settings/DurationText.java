package dev.cairn.settings;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Flink writes them, and as ISO-8601 does. */
public final class DurationText {

    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

    private static final Pattern SYNTAX = Pattern.compile("(\\d+)\\s*(\\p{L}*)");

    private static final Map<String, ChronoUnit> UNITS = new HashMap<>();

    static {
        spell(ChronoUnit.DAYS, "d", "day", "days");
        spell(ChronoUnit.HOURS, "h", "hour", "hours");
        spell(ChronoUnit.MINUTES, "m", "min", "minute", "minutes");
        spell(ChronoUnit.SECONDS, "s", "sec", "secs", "second", "seconds");
        spell(ChronoUnit.MILLIS, "", "ms", "milli", "millis", "millisecond", "milliseconds");
        spell(ChronoUnit.MICROS, "\u00b5s", "\u03bcs", "micro", "micros", "microsecond", "microseconds");
        spell(ChronoUnit.NANOS, "ns", "nano", "nanos", "nanosecond", "nanoseconds");
    }

    private DurationText() {}

    /**
     * Reads {@code 10s}, {@code 5 min}, {@code PT10S} or {@code 500} (milliseconds).
     *
     * @return zero or more, and no more than {@link Long#MAX_VALUE} milliseconds
     * @throws IllegalArgumentException if it is none of these
     */
    public static Duration parse(String text) {
        try {
            Duration duration = parseAnySize(text.strip().toLowerCase(Locale.ROOT));
            if (duration.isNegative()) {
                throw new IllegalArgumentException("negative");
            }
            if (duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("too long");
            }
            return duration;
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("not a duration", e);
        }
    }

    /** As people write it, in the largest unit that is exact: {@code 200ms}, {@code 10s}, {@code 5min}. */
    public static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1_000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "min";
    }

    private static void spell(ChronoUnit unit, String... spellings) {
        List.of(spellings).forEach(spelling -> UNITS.put(spelling, unit));
    }

    private static Duration parseAnySize(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (matcher.matches() && UNITS.containsKey(matcher.group(2))) {
            return Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
        }
        return Duration.parse(text);
    }
}
