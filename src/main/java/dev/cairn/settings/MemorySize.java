package dev.cairn.settings;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or storage. Units are powers of 1024, as Flink reads them.
 *
 * @param bytes 0 or more
 */
public record MemorySize(long bytes) {

    private static final Pattern SYNTAX = Pattern.compile("(\\d+)\\s*([a-z]*)");

    /** By the power of 1024; the second one is written. */
    private static final List<List<String>> UNITS = List.of(
            List.of("", "b", "bytes"),
            List.of("k", "kb", "kibibytes"),
            List.of("m", "mb", "mebibytes"),
            List.of("g", "gb", "gibibytes"),
            List.of("t", "tb", "tebibytes"));

    private static final List<String> SHOWN_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    public MemorySize {
        if (bytes < 0) {
            throw new IllegalArgumentException("A size cannot be negative: " + bytes);
        }
    }

    /**
     * Reads {@code 20kb}, {@code 1 mb}, {@code 1m} or {@code 4096} (bytes).
     *
     * @throws IllegalArgumentException if it is none of these or beyond {@link Long#MAX_VALUE} bytes
     */
    public static MemorySize parse(String text) {
        Matcher matcher = SYNTAX.matcher(text.strip().toLowerCase(Locale.ROOT));
        int power = matcher.matches() ? power(matcher.group(2)) : -1;
        if (power < 0) {
            throw new IllegalArgumentException("not a size");
        }
        try {
            return new MemorySize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power)));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("too large", e);
        }
    }

    private static int power(String unit) {
        return UNITS.indexOf(UNITS.stream()
                .filter(spellings -> spellings.contains(unit))
                .findFirst()
                .orElse(List.of()));
    }

    /** As log, commands and dashboard show it, with one decimal: {@code 12 B}, {@code 1.5 KiB}, {@code 20.0 MiB}. */
    public static String approximately(long bytes) {
        double scaled = bytes;
        int unit = 0;
        while (scaled >= 1024 && unit < SHOWN_UNITS.size() - 1) {
            scaled /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", scaled, SHOWN_UNITS.get(unit));
    }

    /** In the largest unit that keeps it whole, as {@link #parse} reads it: {@code 20kb}. */
    @Override
    public String toString() {
        long amount = bytes;
        int power = 0;
        while (amount != 0 && amount % 1024 == 0 && power < UNITS.size() - 1) {
            amount /= 1024;
            power++;
        }
        return amount + UNITS.get(power).get(1);
    }
}
