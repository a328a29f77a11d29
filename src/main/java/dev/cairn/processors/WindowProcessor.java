package dev.cairn.processors;

import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.eclipse.microprofile.config.Config;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.Output;
import dev.cairn.api.OutputRecord;
import dev.cairn.api.Processor;
import dev.cairn.api.Timer;
import dev.cairn.api.Timers;

/**
 * Computes count, sum, least, greatest, average and last of a number, for the records of each key in windows of event time.
 * A result has the record's key: {@code {"start":0,"end":60000,"count":3,"sum":12.5}}.
 *
 * <p>A window is open until the watermark has reached its end. It then still takes records for the allowed lateness, and emits
 * its result anew after each. A record that no window takes is late.
 */
@Dependent
@Named("window")
final class WindowProcessor implements Processor<byte[], byte[], byte[], WindowResult> {

    /** Leaves room for the longest window and lateness. */
    private static final long MAX_TIMESTAMP = Long.MAX_VALUE / 2;

    private final Config config;
    private WindowSettings settings;
    private JsonNumberReader numbers;
    private Output<byte[], WindowResult> output;
    private LateRecords late;

    /** By their start. They do not overlap if they are sessions, so that their ends have the same order. */
    private MapState<Long, WindowTotals> open;

    /** Those that have ended, and take late records. */
    private MapState<Long, WindowTotals> ended;

    /** At the time when the first of a key's windows may end, or before. */
    private Timers ends;

    /** At the same time, and declared later: fires only where the other has failed, which undoes all that it did. */
    private Timers failedEnds;

    @Inject
    WindowProcessor(Config config) {
        this.config = config;
    }

    /** @throws IllegalArgumentException when a setting cannot be used */
    @Override
    public void declare(Declaration<byte[], byte[], byte[], WindowResult> declare) {
        settings = WindowSettings.read(config);
        numbers = settings.value().map(JsonNumberReader::new).orElse(null);
        Serde<byte[]> bytes = Serdes.ByteArray();
        declare.input(bytes, bytes);
        output = declare.output(bytes, JsonSerde.of(WindowResult.class));
        late = new LateRecords(
                settings.keepsLate() ? declare.output(WindowSettings.LATE, bytes, bytes) : null, declare.partition());
        String name = settings.isSession() ? "sessions" : "windows";
        JsonSerde<WindowTotals> totals = JsonSerde.of(WindowTotals.class);
        open = declare.mapState(name, OrderedSerdes.longs(), totals);
        ended = declare.mapState("ended-" + name, OrderedSerdes.longs(), totals);
        boolean emits = settings.emit() == WindowSettings.Emit.CLOSE;
        ends = declare.eventTimers("ends", bytes, timer -> onTimer(timer, emits));
        failedEnds = declare.eventTimers("failed-ends", bytes, timer -> onTimer(timer, false));
    }

    @Override
    public void process(InputRecord<byte[], byte[]> input, Output<byte[], WindowResult> same) {
        long timestamp = input.timestamp();
        if (input.key() == null) {
            throw new IllegalArgumentException("the record has no key, and windows are those of a key");
        }
        if (timestamp < 0 || timestamp > MAX_TIMESTAMP) {
            throw new IllegalArgumentException("the record has no timestamp that can be used: " + timestamp);
        }
        Number number = numbers == null ? null : numbers.read(input.value());
        WindowTotals one = WindowTotals.of(number, timestamp);
        if (!(settings.isSession() ? addToSession(input.key(), one) : addToWindows(input.key(), one))) {
            late.take(input);
        }
    }

    private boolean addToWindows(byte[] key, WindowTotals one) {
        long hop = settings.hop();
        long sinceLast = one.lastAt() % hop;
        long last = one.lastAt() - sinceLast;
        boolean taken = false;
        for (long start = last - (settings.size() - sinceLast - 1) / hop * hop; start <= last; start += hop) {
            taken |= addToWindow(key, start, one);
        }
        return taken;
    }

    private boolean addToWindow(byte[] key, long start, WindowTotals one) {
        long end = start + settings.size();
        WindowTotals before = open.get(start);
        // One that should have ended is still open where windows were longer when its timer was set.
        boolean isOpen = before != null || end > ends.now();
        if (!isOpen) {
            if (isOver(end)) {
                return false;
            }
            before = ended.get(start);
        }
        store(key, start, before == null ? one : before.and(one), isOpen);
        return true;
    }

    /** Sessions that the record connects become one. */
    @SuppressWarnings("ReferenceEquality") // The same totals: nothing was connected.
    private boolean addToSession(byte[] key, WindowTotals one) {
        long timestamp = one.lastAt();
        Session session = new Session(timestamp, one, false).withThoseAround(open, timestamp, true);
        if (timestamp < ends.now()) {
            session = session.withThoseAround(ended, timestamp, false);
        }
        long end = end(session.start, session.totals);
        if (session.totals == one && isOver(end)) {
            return false;
        }
        store(key, session.start, session.totals, session.isOpen || end > ends.now());
        return true;
    }

    /** A session that grows. */
    private final class Session {

        private final long start;
        private final WindowTotals totals;
        private final boolean isOpen;

        private Session(long start, WindowTotals totals, boolean isOpen) {
            this.start = start;
            this.totals = totals;
            this.isOpen = isOpen;
        }

        /** Takes those out of a state that end after the timestamp and start within the gap after it: two at most. */
        private Session withThoseAround(MapState<Long, WindowTotals> state, long timestamp, boolean areOpen) {
            Session session = this;
            var before =
                    state.range(null, timestamp + settings.size()).reversed().iterator();
            while (before.hasNext()) {
                Map.Entry<Long, WindowTotals> each = before.next();
                if (end(each.getKey(), each.getValue()) <= timestamp) {
                    break;
                }
                before.remove();
                session = new Session(
                        Math.min(session.start, each.getKey()),
                        each.getValue().and(session.totals),
                        session.isOpen || areOpen);
            }
            return session;
        }
    }

    private void store(byte[] key, long start, WindowTotals totals, boolean isOpen) {
        long end = end(start, totals);
        if (isOpen) {
            open.put(start, totals);
            wakeAt(end);
            if (settings.emit() == WindowSettings.Emit.UPDATE) {
                // Not its end, which is to come: Kafka refuses timestamps that are too far ahead.
                emit(key, start, totals, totals.lastAt());
            }
        } else {
            ended.put(start, totals);
            wakeAt(end + settings.lateness());
            emit(key, start, totals, end - 1);
        }
    }

    private void wakeAt(long time) {
        OptionalLong set = ends.at();
        if (set.isEmpty() || set.getAsLong() > time) {
            setTimers(time);
        }
    }

    private void setTimers(long time) {
        ends.set(time);
        failedEnds.set(time);
    }

    private void onTimer(Timer<byte[]> timer, boolean emits) {
        long next = Math.min(endWindow(timer, emits), forgetWindows(timer));
        if (next == Long.MAX_VALUE) {
            failedEnds.delete();
        } else {
            setTimers(next);
        }
    }

    /**
     * Ends the window whose end it is. Others that should have ended get a timer of their own: a result that is refused is known
     * by its timer's time, which therefore no other window may have.
     *
     * @return when the next one ends, {@link Long#MAX_VALUE} where there is none
     */
    private long endWindow(Timer<byte[]> timer, boolean emits) {
        for (var windows = open.all().iterator(); windows.hasNext(); ) {
            Map.Entry<Long, WindowTotals> each = windows.next();
            long start = each.getKey();
            WindowTotals totals = each.getValue();
            long end = end(start, totals);
            if (end != timer.time()) {
                return end;
            }
            windows.remove();
            if (emits) {
                emit(timer.key(), start, totals, end - 1);
            }
            if (settings.lateness() > 0) {
                ended.put(start, totals);
            }
        }
        return Long.MAX_VALUE;
    }

    /** @return when the next one is over, {@link Long#MAX_VALUE} where there is none */
    private long forgetWindows(Timer<byte[]> timer) {
        for (Iterator<Map.Entry<Long, WindowTotals>> windows = ended.all().iterator(); windows.hasNext(); ) {
            Map.Entry<Long, WindowTotals> each = windows.next();
            long over = end(each.getKey(), each.getValue()) + settings.lateness();
            if (over > timer.time()) {
                return over;
            }
            windows.remove();
        }
        return Long.MAX_VALUE;
    }

    private long end(long start, WindowTotals totals) {
        return settings.size() + (settings.isSession() ? totals.lastAt() : start);
    }

    private boolean isOver(long end) {
        return end + settings.lateness() <= ends.now();
    }

    private void emit(byte[] key, long start, WindowTotals totals, long timestamp) {
        WindowResult result = WindowResult.of(start, end(start, totals), totals, settings.functions());
        output.emit(OutputRecord.of(key, result).at(timestamp));
    }

    @Override
    public void close() {
        if (late != null) {
            late.say();
        }
    }
}
