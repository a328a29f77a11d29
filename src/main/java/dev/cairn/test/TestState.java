package dev.cairn.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.Timers;
import dev.cairn.api.ValueState;

/**
 * A state as it is now, by record keys. It shows each time what is there then. Keys are written by the key serde of the input, or of
 * the first input with a name; a {@code byte[]} stands for itself.
 */
public final class TestState {

    private final TestWorker<?, ?, ?, ?> worker;
    private final String name;
    private final int partition;

    TestState(TestWorker<?, ?, ?, ?> worker, String name, int partition) {
        this.worker = worker;
        this.name = name;
        this.partition = partition;
    }

    /** The same state in another partition, from 0. */
    public TestState partition(int number) {
        return new TestState(worker, name, number);
    }

    /**
     * The value of a value state or a reducing state, or {@code null} where the key has none.
     *
     * @throws IllegalArgumentException when the state is of another kind
     */
    public Object value(Object key) {
        return read(key, null, state -> {
            if (state instanceof ValueState<?> value) {
                return value.value();
            }
            if (state instanceof ReducingState<?> reduced) {
                return reduced.value();
            }
            throw otherKind(state);
        });
    }

    /** As {@link #value(Object)}, of a type. @throws ClassCastException when it is of another type */
    public <T> T value(Object key, Class<T> type) {
        return type.cast(value(key));
    }

    /**
     * The entries of a map state in their order; empty where the key has none.
     *
     * @throws IllegalArgumentException when the state is of another kind
     */
    public Map<Object, Object> map(Object key) {
        return read(key, Map.of(), state -> {
            if (state instanceof MapState<?, ?> map) {
                Map<Object, Object> entries = new LinkedHashMap<>();
                map.all().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
                return entries;
            }
            throw otherKind(state);
        });
    }

    /**
     * The elements of a list state in their order; empty where the key has none.
     *
     * @throws IllegalArgumentException when the state is of another kind
     */
    public List<Object> list(Object key) {
        return read(key, List.of(), state -> {
            if (state instanceof ListState<?> list) {
                List<Object> elements = new ArrayList<>();
                list.forEach(elements::add);
                return elements;
            }
            throw otherKind(state);
        });
    }

    /**
     * When a timer will fire; nothing where the key has none. Its name is the one it was declared with.
     *
     * @throws IllegalArgumentException when it is not the name of timers
     */
    public Optional<Instant> timer(Object key) {
        return read(key, Optional.empty(), state -> {
            if (state instanceof Timers timers) {
                OptionalLong at = timers.at();
                return at.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(at.getAsLong()));
            }
            throw otherKind(state);
        });
    }

    private <T> T read(Object key, T none, Function<Object, T> read) {
        RunningProcessor<?, ?, ?, ?> found = worker.find(partition);
        if (found == null) {
            return none;
        }
        ObservedDeclaration<?, ?, ?, ?> declared = found.declared();
        Object state = declared.states().get(name).get();
        Serde<?> serde = declared.input() == null
                ? declared.inputs().values().iterator().next().key()
                : declared.input().key();
        return found.read(bytes(key, serde), () -> read.apply(state));
    }

    private static <K> byte[] bytes(Object key, Serde<K> serde) {
        if (key instanceof byte[] bytes) {
            return bytes;
        }
        try {
            @SuppressWarnings("unchecked") // Its serializer says so otherwise.
            K typed = (K) key;
            return serde.serializer().serialize("", typed);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException(
                    "the input's key serde does not write " + key + " of " + key.getClass(), e);
        }
    }

    private IllegalArgumentException otherKind(Object state) {
        String way = "value(key)";
        if (state instanceof MapState) {
            way = "map(key)";
        } else if (state instanceof ListState) {
            way = "list(key)";
        } else if (state instanceof Timers) {
            way = "timer(key)";
        }
        return new IllegalArgumentException("the state '" + name + "' is of another kind: ask for " + way);
    }
}
