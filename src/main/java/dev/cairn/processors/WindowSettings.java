package dev.cairn.processors;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonPointer;
import org.eclipse.microprofile.config.Config;

/**
 * What the processor {@code window} is told.
 *
 * @param kind how records are put into windows
 * @param size milliseconds that a window is long; of sessions, the gap that ends one
 * @param hop milliseconds from the start of a window to that of the next, the size but for hopping windows
 * @param value where the number is; nothing to count only
 * @param functions what is computed of it
 * @param lateness milliseconds that a window takes records after its end
 * @param emit when its result is emitted
 * @param keepsLate whether late records go to an output
 */
record WindowSettings(
        Kind kind,
        long size,
        long hop,
        Optional<JsonPointer> value,
        Set<Function> functions,
        long lateness,
        Emit emit,
        boolean keepsLate) {

    static final String KIND = "cairn.window.kind";
    static final String SIZE = "cairn.window.size";
    static final String HOP = "cairn.window.hop";
    static final String GAP = "cairn.window.gap";
    static final String VALUE = "cairn.window.value";
    static final String FUNCTIONS = "cairn.window.functions";
    static final String LATENESS = "cairn.window.lateness";
    static final String EMIT = "cairn.window.emit";

    /** The output of late records, and where it is set that there is one. */
    static final String LATE = "late";

    static final String LATE_TOPIC = "cairn.output.late.topic";

    /** Each is read and written for every record. */
    static final int MAX_WINDOWS_OF_RECORD = 10_000;

    /** How records are put into windows. */
    enum Kind {
        TUMBLING,
        HOPPING,
        SESSION
    }

    /** What is computed. */
    enum Function {
        COUNT,
        SUM,
        MIN,
        MAX,
        AVERAGE,
        LAST
    }

    /** When a result is emitted. */
    enum Emit {
        CLOSE,
        UPDATE
    }

    /** @throws IllegalArgumentException when they cannot be used; it names the setting */
    static WindowSettings read(Config config) {
        ReadyMadeSettings settings = new ReadyMadeSettings(config);
        settings.requireKnown("cairn.window.", List.of(KIND, SIZE, HOP, GAP, VALUE, FUNCTIONS, LATENESS, EMIT));
        Kind kind = settings.choice(KIND, Kind.class).orElse(Kind.TUMBLING);
        Optional<JsonPointer> value = settings.pointer(VALUE);
        long size = kind == Kind.SESSION
                ? required(settings, GAP, "how long a key has no record when its session ends, such as 30min")
                : required(settings, SIZE, "how long a window is, such as 1h");
        long hop = kind == Kind.HOPPING
                ? required(settings, HOP, "how long after a hopping window the next one starts, such as 5min")
                : size;
        requireFor(settings, kind, HOP, Kind.HOPPING);
        requireFor(settings, kind, GAP, Kind.SESSION);
        requireFor(settings, kind, SIZE, Kind.TUMBLING, Kind.HOPPING);
        if (hop > size) {
            throw new IllegalArgumentException(
                    HOP + " is longer than " + SIZE + ": records between two windows would be in none");
        }
        if ((size + hop - 1) / hop > MAX_WINDOWS_OF_RECORD) {
            throw new IllegalArgumentException(HOP + " is too short for " + SIZE + ": a record would be in more than "
                    + MAX_WINDOWS_OF_RECORD + " windows");
        }
        return new WindowSettings(
                kind,
                size,
                hop,
                value,
                functions(settings, value.isPresent()),
                settings.duration(LATENESS).orElse(Duration.ZERO).toMillis(),
                settings.choice(EMIT, Emit.class).orElse(Emit.CLOSE),
                settings.text(LATE_TOPIC).isPresent());
    }

    private static long required(ReadyMadeSettings settings, String name, String what) {
        long millis = settings.duration(name)
                .orElseThrow(() -> ReadyMadeSettings.missing(name, what))
                .toMillis();
        if (millis == 0) {
            throw new IllegalArgumentException(name + " is 0, and must be longer");
        }
        return millis;
    }

    private static void requireFor(ReadyMadeSettings settings, Kind kind, String name, Kind... kinds) {
        if (settings.text(name).isPresent() && !List.of(kinds).contains(kind)) {
            throw new IllegalArgumentException(name + " is set, but has no meaning where " + KIND + " is "
                    + kind.name().toLowerCase(Locale.ROOT));
        }
    }

    private static Set<Function> functions(ReadyMadeSettings settings, boolean hasValue) {
        Optional<String> list = settings.text(FUNCTIONS);
        if (list.isEmpty()) {
            return hasValue ? EnumSet.allOf(Function.class) : EnumSet.of(Function.COUNT);
        }
        Set<Function> functions = EnumSet.noneOf(Function.class);
        Arrays.stream(list.get().split(",", -1))
                .map(text -> ReadyMadeSettings.choice(FUNCTIONS, text.strip(), Function.class))
                .forEach(functions::add);
        if (!hasValue && !functions.equals(EnumSet.of(Function.COUNT))) {
            throw ReadyMadeSettings.missing(
                    VALUE, "a JSON pointer to the number, such as /delay, which all functions but count need");
        }
        return functions;
    }

    /** Whether windows are sessions. */
    boolean isSession() {
        return kind == Kind.SESSION;
    }
}
