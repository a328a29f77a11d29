package dev.cairn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

import org.apache.kafka.common.serialization.Serde;

/** What all declared states of a partition have on the heap over RocksDB. As each {@link HeapLayer}. */
final class StateLayers implements HeapLayer {

    private static final Pattern STATE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final PartitionDatabase database;
    private final StateMemory memory;
    private final StoredStates stored;
    private final Map<String, StateTable<?>> tables = new LinkedHashMap<>();
    private HeapLayer[] all = {};

    StateLayers(PartitionDatabase database, StateMemory memory, StoredStates stored) {
        this.database = database;
        this.memory = memory;
        this.stored = stored;
    }

    /** Whether this may name a state. */
    static boolean isStateName(String name) {
        return STATE_NAME.matcher(name).matches();
    }

    /**
     * Adds the table of a state.
     *
     * @param owner is told when the database cannot be read
     * @throws IllegalArgumentException when the name is malformed or taken
     * @throws IncompatibleStateException when it was stored otherwise
     */
    <T> StateTable<T> table(KeyedState owner, String name, StateKind kind, Serde<?> keySerde, Serde<T> serde) {
        if (!isStateName(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a state: use letters, digits, '-', '_' and '.', at most 100 characters");
        }
        if (tables.containsKey(name)) {
            throw new IllegalArgumentException("the state '" + name + "' is declared twice");
        }
        StateDescriptor descriptor = stored.declare(name, kind, keySerde, serde);
        StateTable<T> table = add(new StateTable<>(descriptor, serde, owner, database, memory));
        tables.put(name, table);
        return table;
    }

    /** Adds the index by time of a declared state, stored under a name that no state of an author's can have. */
    TimeIndex index(String name, StateKind kind) {
        return add(new TimeIndex(stored.declareIndex(name, kind), database, memory));
    }

    private <L extends HeapLayer> L add(L layer) {
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = layer;
        return layer;
    }

    /** Names of states that are stored, but that no one has declared. */
    List<String> unclaimed() {
        return stored.namesBut(tables.keySet());
    }

    /** As {@link KeyedState#descriptors}. */
    List<StateDescriptor> descriptors() {
        return stored.all();
    }

    @Override
    public void load(BooleanSupplier wanted) {
        for (HeapLayer layer : all) {
            layer.load(wanted);
        }
    }

    @Override
    public void start() {
        for (HeapLayer layer : all) {
            layer.start();
        }
    }

    @Override
    public void freeze(List<Change> into) {
        for (HeapLayer layer : all) {
            layer.freeze(into);
        }
    }

    @Override
    public void releaseFrozen() {
        for (HeapLayer layer : all) {
            layer.releaseFrozen();
        }
    }

    @Override
    public void rollBack() {
        for (HeapLayer layer : all) {
            layer.rollBack();
        }
    }

    @Override
    public int changedEntries() {
        int entries = 0;
        for (HeapLayer layer : all) {
            entries += layer.changedEntries();
        }
        return entries;
    }

    @Override
    public int size() {
        int entries = 0;
        for (HeapLayer layer : all) {
            entries += layer.size();
        }
        return entries;
    }

    @Override
    public void close() {
        for (HeapLayer layer : all) {
            layer.close();
        }
    }

    /** As {@link KeyedState#current(StateDescriptor, byte[])}. */
    Optional<byte[]> current(StateDescriptor state, byte[] key) {
        StateTable<?> table = tables.get(state.name());
        return table == null ? database.value(state, key) : table.current(KeyLayout.single(state, key));
    }

    /** As {@link KeyedState#current(StateDescriptor, EntryRange, int)}. */
    EntryPage current(StateDescriptor state, EntryRange range, int limit) {
        StateTable<?> table = tables.get(state.name());
        return table == null ? database.entries(state, range, limit) : LiveEntries.of(table, range, limit);
    }

    /** The largest values of each state that were written or read so far, a few of each. */
    List<LargeValue> largestValues() {
        List<LargeValue> largest = new ArrayList<>();
        for (StateTable<?> table : tables.values()) {
            largest.addAll(table.largest());
        }
        return largest;
    }
}
