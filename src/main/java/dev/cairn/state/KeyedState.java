package dev.cairn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;

/**
 * All the state of one partition, always positioned at the key of the record in process.
 *
 * <p>Used by the loop's thread only, apart from {@link #load}.
 */
public final class KeyedState implements AutoCloseable {

    private static final Pattern STATE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final PartitionDatabase database;
    private final StateMemory memory;
    private final Map<String, StateDescriptor> stored;
    private final Map<String, StateTable<?>> tables = new LinkedHashMap<>();
    private final List<DeclaredState> touched = new ArrayList<>();
    private StateTable<?>[] all = {};
    private DeclaredState[] states = {};
    private boolean loaded;
    private final RecordScope scope = new RecordScope();
    private byte[] key;
    private LocalStateException failure;

    /**
     * @param database holds what is committed
     * @param memory shared with the other partitions of the loop
     * @param stored the states that the restored checkpoint knows; they keep their ids
     */
    public KeyedState(PartitionDatabase database, StateMemory memory, List<StateDescriptor> stored) {
        this.database = database;
        this.memory = memory;
        this.stored = stored.stream()
                .collect(Collectors.toMap(StateDescriptor::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    /**
     * Declares a state of one value for every key.
     *
     * @throws IllegalArgumentException when the name is malformed or taken
     * @throws IncompatibleStateException when it was stored otherwise, such as with another serializer
     */
    public <T> ValueState<T> valueState(String name, Serde<T> serde) {
        return declared(new DeclaredValue<>(this, table(name, StateKind.VALUE, null, serde)));
    }

    /** Declares a state of values by keys of their own, as {@link #valueState}. */
    public <K, V> MapState<K, V> mapState(String name, Serde<K> keySerde, Serde<V> valueSerde) {
        StateTable<V> table = table(name, StateKind.MAP, keySerde, valueSerde);
        return declared(new DeclaredMap<>(this, table, StateSerde.ofKeys(table.descriptor(), keySerde)));
    }

    /** Declares a state of elements in the order in which they are added, as {@link #valueState}. */
    public <T> ListState<T> listState(String name, Serde<T> serde) {
        return declared(new DeclaredList<>(this, table(name, StateKind.LIST, null, serde), memory));
    }

    /** Declares a state of one value into which others are merged, as {@link #valueState}. */
    public <T> ReducingState<T> reducingState(String name, Serde<T> serde, BinaryOperator<T> reducer) {
        Objects.requireNonNull(reducer, () -> "the state '" + name + "' is declared without a reducer");
        return new DeclaredReducing<>(
                name, declared(new DeclaredValue<>(this, table(name, StateKind.REDUCING, null, serde))), reducer);
    }

    private <T> StateTable<T> table(String name, StateKind kind, Serde<?> keySerde, Serde<T> serde) {
        if (!isStateName(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a state: use letters, digits, '-', '_' and '.', at most 100 characters");
        }
        if (tables.containsKey(name)) {
            throw new IllegalArgumentException("the state '" + name + "' is declared twice");
        }
        StateDescriptor declared = new StateDescriptor(
                name,
                kind.toString(),
                keySerde == null ? null : serializerName(keySerde),
                serializerName(serde),
                nextId());
        StateDescriptor descriptor = stored.getOrDefault(name, declared);
        if (!descriptor.storedAs().equals(declared.storedAs())) {
            throw new IncompatibleStateException("the state '" + name + "' was stored as " + descriptor.storedAs()
                    + ", but the processor declares " + declared.storedAs()
                    + ": declare the former, or give the state another name");
        }
        stored.put(name, descriptor);
        StateTable<T> table = new StateTable<>(descriptor, serde, this, database, memory);
        tables.put(name, table);
        all = tables.values().toArray(StateTable<?>[]::new);
        return table;
    }

    private <S extends DeclaredState> S declared(S state) {
        states = Arrays.copyOf(states, states.length + 1);
        states[states.length - 1] = state;
        return state;
    }

    /** Names of states that are stored, but that no one has declared. */
    public List<String> unclaimed() {
        return stored.keySet().stream()
                .filter(name -> !tables.containsKey(name))
                .toList();
    }

    /**
     * Reads all that is stored of the declared states, where the memory is for all of it. Once, on any thread, while no
     * other one uses the state.
     *
     * @param wanted asked now and then whether to continue; otherwise the state can only be closed
     * @throws StateTooLargeException when it does not fit
     * @throws StateSerdeException when a value cannot be read
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    public void load(BooleanSupplier wanted) {
        for (StateTable<?> table : all) {
            table.load(wanted);
        }
        loaded = wanted.getAsBoolean();
    }

    /** What was loaded belongs to the loop from here on. Needed before the first record where all of the state is loaded. */
    public void start() {
        if (!loaded) {
            throw new IllegalStateException("the state has not been loaded");
        }
        for (StateTable<?> table : all) {
            table.start();
        }
        for (DeclaredState state : states) {
            state.start();
        }
    }

    /** Starts a record with this key, as it stood in Kafka; {@code null} for a record without. */
    public void beginRecord(byte[] key) {
        this.key = key;
        scope.begin();
    }

    /**
     * Whether the record in process could not read its state. Its effects do not count then, whatever the processor has made
     * of the exception.
     *
     * @throws LocalStateException that the processor was given
     */
    public void requireReadable() {
        if (failure != null) {
            throw failure;
        }
    }

    /** The record succeeded: its changes belong to the epoch. */
    public void keepRecord() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).keep();
        }
        endRecord();
    }

    /** The record failed: none of its changes remain. */
    public void dropRecord() {
        endRecord();
    }

    /** Takes the epoch's changes, serialised, in no order, and starts the next epoch. */
    public List<Change> freeze() {
        List<Change> changes = new ArrayList<>(changedEntries());
        for (StateTable<?> table : all) {
            table.freeze(changes);
        }
        return changes;
    }

    /** The changes taken by the last {@link #freeze} are in the database now. */
    public void releaseFrozen() {
        for (StateTable<?> table : all) {
            table.releaseFrozen();
        }
    }

    /** Drops every change that is not committed, frozen ones included. */
    public void rollBack() {
        endRecord();
        for (StateTable<?> table : all) {
            table.rollBack();
        }
        for (DeclaredState state : states) {
            state.rollBack();
        }
    }

    /** Whether anything has changed in the epoch under way. */
    public boolean hasChanges() {
        for (StateTable<?> table : all) {
            if (table.changedEntries() > 0) {
                return true;
            }
        }
        return false;
    }

    /** What is stored and declared, for the checkpoint. */
    public List<StateDescriptor> descriptors() {
        return List.copyOf(stored.values());
    }

    /**
     * The value that a state has for a key now, committed or not, as its serializer writes it; nothing where it has none.
     * Between records only.
     *
     * @param state one of {@link #descriptors}
     * @param key the record's key, as it stood in Kafka
     */
    public Optional<byte[]> current(StateDescriptor state, byte[] key) {
        StateTable<?> table = tables.get(state.name());
        return table == null ? database.value(state, key) : table.current(KeyLayout.single(state, key));
    }

    /**
     * Some entries as they are now, committed or not, as their serializers write them. Between records only.
     *
     * @param state one of {@link #descriptors} that has entries
     * @param limit at most so many
     */
    public EntryPage current(StateDescriptor state, EntryRange range, int limit) {
        StateTable<?> table = tables.get(state.name());
        return table == null ? database.entries(state, range, limit) : table.current(range, limit);
    }

    /** Whether this may name a state. */
    public static boolean isStateName(String name) {
        return STATE_NAME.matcher(name).matches();
    }

    /** Entries on the heap. */
    public long entriesOnHeap() {
        long entries = 0;
        for (StateTable<?> table : all) {
            entries += table.size();
        }
        return entries;
    }

    /** The largest values of each state that were written or read so far, a few of each. */
    public List<LargeValue> largestValues() {
        List<LargeValue> largest = new ArrayList<>();
        for (StateTable<?> table : all) {
            largest.addAll(table.largest());
        }
        return largest;
    }

    /** Gives the memory back. The database stays open. */
    @Override
    public void close() {
        endRecord();
        for (DeclaredState state : states) {
            state.close();
        }
        for (StateTable<?> table : all) {
            table.close();
        }
    }

    /** Whether a record is in process, and on which thread. */
    public RecordScope scope() {
        return scope;
    }

    byte[] requireKey(String state) {
        if (key == null) {
            throw new IllegalStateException("the state '" + state
                    + "' belongs to the record's key, and this record has none: send it with a key, or do not use"
                    + " state for it");
        }
        return key;
    }

    void touched(DeclaredState state) {
        touched.add(state);
    }

    /** The database could not be read. */
    LocalStateException failed(LocalStateException e) {
        failure = e;
        return e;
    }

    private void endRecord() {
        failure = null;
        for (DeclaredState state : states) {
            state.endRecord();
        }
        touched.clear();
        key = null;
        scope.end();
    }

    private int changedEntries() {
        int entries = 0;
        for (StateTable<?> table : all) {
            entries += table.changedEntries();
        }
        return entries;
    }

    private int nextId() {
        int id = stored.values().stream().mapToInt(StateDescriptor::id).max().orElse(KeyLayout.FIRST_STATE_ID - 1) + 1;
        if (id > KeyLayout.LAST_STATE_ID) {
            throw new IllegalArgumentException("no more than " + KeyLayout.LAST_STATE_ID + " states fit into a job");
        }
        return id;
    }

    /** A serde that names itself (such as JSON of a type) does so in {@code toString}; others are named by their class. */
    private static String serializerName(Serde<?> serde) {
        String name = serde.toString();
        // What Object's own toString would say; to look for another one needs reflection.
        String nameless = serde.getClass().getName() + "@" + Integer.toHexString(serde.hashCode());
        return name.equals(nameless) ? serde.serializer().getClass().getName() : name;
    }
}
