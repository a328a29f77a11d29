package dev.cairn.processors;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What windows have to be, computed in another way: each window has the list of its records, and every result is computed from
 * that list anew.
 */
final class WindowOracle {

    /** A record; the number as it is written. */
    record Event(String topic, String key, long timestamp, String number) {}

    /** A window of a key. */
    private static final class Window {

        private final String key;
        private long start;
        private long end;
        private final List<Event> events = new ArrayList<>();
        private boolean ended;

        private Window(String key, long start, long end) {
            this.key = key;
            this.start = start;
            this.end = end;
        }
    }

    private final boolean sessions;
    private final long size;
    private final long hop;
    private final long lateness;
    private final long outOfOrderness;
    private final Map<String, Long> largest = new HashMap<>();
    private final List<Window> windows = new ArrayList<>();
    private final List<String> emitted = new ArrayList<>();
    private final List<Event> late = new ArrayList<>();
    private final Set<String> topics;

    WindowOracle(boolean sessions, long size, long hop, long lateness, long outOfOrderness, Set<String> topics) {
        this.sessions = sessions;
        this.size = size;
        this.hop = hop;
        this.lateness = lateness;
        this.outOfOrderness = outOfOrderness;
        this.topics = topics;
    }

    void add(Event event) {
        largest.merge(event.topic(), event.timestamp(), Math::max);
        long watermark = watermark();
        windows.stream()
                .filter(window -> !window.ended && window.end <= watermark)
                .sorted(Comparator.<Window>comparingLong(window -> window.end).thenComparing(window -> window.key))
                .forEach(window -> {
                    window.ended = true;
                    emitted.add(shown(window));
                });
        windows.removeIf(window -> window.end + lateness <= watermark);
        if (sessions ? !addToSession(event, watermark) : !addToWindows(event, watermark)) {
            late.add(event);
        }
    }

    private long watermark() {
        return largest.size() < topics.size()
                ? Long.MIN_VALUE
                : largest.values().stream().mapToLong(Long::longValue).min().orElseThrow() - outOfOrderness;
    }

    private boolean addToWindows(Event event, long watermark) {
        boolean taken = false;
        for (long start = Math.floorDiv(event.timestamp() - size, hop) * hop;
                start <= event.timestamp();
                start += hop) {
            long end = start + size;
            if (end <= event.timestamp() || end + lateness <= watermark) {
                continue;
            }
            taken = true;
            long of = start;
            Window window = windows.stream()
                    .filter(each -> each.key.equals(event.key()) && each.start == of)
                    .findFirst()
                    .orElse(null);
            if (window == null) {
                window = new Window(event.key(), start, end);
                windows.add(window);
            }
            window.events.add(event);
            emitIfEnded(window, watermark);
        }
        return taken;
    }

    private boolean addToSession(Event event, long watermark) {
        Window session = new Window(event.key(), event.timestamp(), event.timestamp() + size);
        List<Window> connected = windows.stream()
                .filter(each -> each.key.equals(event.key()) && each.start < session.end && session.start < each.end)
                .toList();
        if (connected.isEmpty() && session.end + lateness <= watermark) {
            return false;
        }
        windows.removeAll(connected);
        for (Window each : connected) {
            session.start = Math.min(session.start, each.start);
            session.end = Math.max(session.end, each.end);
            session.events.addAll(each.events);
        }
        session.events.add(event);
        windows.add(session);
        emitIfEnded(session, watermark);
        return true;
    }

    private void emitIfEnded(Window window, long watermark) {
        if (window.end <= watermark) {
            window.ended = true;
            emitted.add(shown(window));
        }
    }

    /** All results, in the order in which they are due. */
    List<String> emitted() {
        return emitted;
    }

    List<Event> late() {
        return late;
    }

    private static String shown(Window window) {
        List<BigDecimal> numbers = window.events.stream()
                .map(event -> new BigDecimal(event.number()))
                .toList();
        BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        // Stable, so that of one timestamp the one that arrived last is last.
        List<Event> byTime = window.events.stream()
                .sorted(Comparator.comparingLong(Event::timestamp))
                .toList();
        Map<String, String> fields = new TreeMap<>();
        fields.put("start", "" + window.start);
        fields.put("end", "" + window.end);
        fields.put("count", "" + numbers.size());
        fields.put("sum", text(sum));
        fields.put("min", text(numbers.stream().min(Comparator.naturalOrder()).orElseThrow()));
        fields.put("max", text(numbers.stream().max(Comparator.naturalOrder()).orElseThrow()));
        fields.put(
                "average",
                ""
                        + sum.divide(new BigDecimal(numbers.size()), MathContext.DECIMAL128)
                                .doubleValue());
        fields.put("last", text(new BigDecimal(byTime.get(byTime.size() - 1).number())));
        return window.key + "@" + (window.end - 1) + " " + fields;
    }

    private static String text(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    /** A result that was emitted, in the form of the oracle. */
    static String shown(String key, long timestamp, WindowResult result) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("start", "" + result.start());
        fields.put("end", "" + result.end());
        fields.put("count", "" + result.count());
        fields.put("sum", text(new BigDecimal(result.sum().toString())));
        fields.put("min", text(new BigDecimal(result.min().toString())));
        fields.put("max", text(new BigDecimal(result.max().toString())));
        fields.put("average", result.average().toString());
        fields.put("last", text(new BigDecimal(result.last().toString())));
        return key + "@" + timestamp + " " + fields;
    }
}
