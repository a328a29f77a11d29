package dev.cairn.settings;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Flink writes them, and as ISO-8601 does. */
public final class DurationText {

    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

    private static final Pattern SYNTAX = Pattern.compile("(\\d+)\\s*(\\p{L}*)");

    private static final Map<String, ChronoUnit> UNITS = Map.ofEntries(
            Map.entry("d", ChronoUnit.DAYS),
            Map.entry("day", ChronoUnit.DAYS),
            Map.entry("days", ChronoUnit.DAYS),
            Map.entry("h", ChronoUnit.HOURS),
            Map.entry("hour", ChronoUnit.HOURS),
            Map.entry("hours", ChronoUnit.HOURS),
            Map.entry("m", ChronoUnit.MINUTES),
            Map.entry("min", ChronoUnit.MINUTES),
            Map.entry("minute", ChronoUnit.MINUTES),
            Map.entry("minutes", ChronoUnit.MINUTES),
            Map.entry("s", ChronoUnit.SECONDS),
            Map.entry("sec", ChronoUnit.SECONDS),
            Map.entry("secs", ChronoUnit.SECONDS),
            Map.entry("second", ChronoUnit.SECONDS),
            Map.entry("seconds", ChronoUnit.SECONDS),
            Map.entry("", ChronoUnit.MILLIS),
            Map.entry("ms", ChronoUnit.MILLIS),
            Map.entry("milli", ChronoUnit.MILLIS),
            Map.entry("millis", ChronoUnit.MILLIS),
            Map.entry("millisecond", ChronoUnit.MILLIS),
            Map.entry("milliseconds", ChronoUnit.MILLIS),
            Map.entry("\u00b5s", ChronoUnit.MICROS),
            Map.entry("\u03bcs", ChronoUnit.MICROS),
            Map.entry("micro", ChronoUnit.MICROS),
            Map.entry("micros", ChronoUnit.MICROS),
            Map.entry("microsecond", ChronoUnit.MICROS),
            Map.entry("microseconds", ChronoUnit.MICROS),
            Map.entry("ns", ChronoUnit.NANOS),
            Map.entry("nano", ChronoUnit.NANOS),
            Map.entry("nanos", ChronoUnit.NANOS),
            Map.entry("nanosecond", ChronoUnit.NANOS),
            Map.entry("nanoseconds", ChronoUnit.NANOS));

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

    private static Duration parseAnySize(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (matcher.matches() && UNITS.containsKey(matcher.group(2))) {
            return Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
        }
        return Duration.parse(text);
    }
}
