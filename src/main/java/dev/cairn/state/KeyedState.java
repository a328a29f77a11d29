package dev.cairn.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.ValueState;

/**
 * All the state of one partition, always positioned at the key of the record in process.
 *
 * <p>Used by the loop's thread alone, apart from {@link #load}.
 */
public final class KeyedState implements AutoCloseable {

    private static final Pattern STATE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final PartitionDatabase database;
    private final StateMemory memory;
    private final Map<String, StateDescriptor> stored;
    private final Map<String, ValueTable<?>> tables = new LinkedHashMap<>();
    private final List<ValueTable<?>> touched = new ArrayList<>();
    private ValueTable<?>[] all = {};
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
     * @throws IncompatibleStateException when it was stored with another serializer
     */
    public <T> ValueState<T> valueState(String name, Serde<T> serde) {
        if (!isStateName(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a state: use letters, digits, '-', '_' and '.', at most 100 characters");
        }
        if (tables.containsKey(name)) {
            throw new IllegalArgumentException("the state '" + name + "' is declared twice");
        }
        StateDescriptor declared = new StateDescriptor(name, "value", serializerName(serde), nextId());
        StateDescriptor descriptor = stored.getOrDefault(name, declared);
        if (!descriptor.serializer().equals(declared.serializer())
                || !descriptor.kind().equals(declared.kind())) {
            throw new IncompatibleStateException("the state '" + name + "' was stored as " + descriptor.kind() + " by "
                    + descriptor.serializer() + ", but the processor declares " + declared.kind() + " by "
                    + declared.serializer() + ": declare the former, or give the state another name");
        }
        stored.put(name, descriptor);
        ValueTable<T> table = new ValueTable<>(descriptor, serde, this, database, memory);
        tables.put(name, table);
        all = tables.values().toArray(ValueTable<?>[]::new);
        return table;
    }

    /** Names of states that are stored, but that nobody has declared. */
    public List<String> unclaimed() {
        return stored.keySet().stream()
                .filter(name -> !tables.containsKey(name))
                .toList();
    }

    /**
     * Reads all that is stored of the declared states, where the memory is for all of it. Once, on any thread, while no
     * other one uses the state.
     *
     * @param wanted asked now and then whether to go on; otherwise the state can only be closed
     * @throws StateTooLargeException when it does not fit
     * @throws StateSerdeException when a value cannot be read
     * @throws LocalStateException when the database is damaged or the disk fails
     */
    public void load(BooleanSupplier wanted) {
        for (ValueTable<?> table : all) {
            table.load(wanted);
        }
        loaded = wanted.getAsBoolean();
    }

    /** What was loaded belongs to the loop from here on. Needed before the first record where all of the state is loaded. */
    public void start() {
        if (!loaded) {
            throw new IllegalStateException("the state has not been loaded");
        }
        for (ValueTable<?> table : all) {
            table.start();
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
        for (ValueTable<?> table : all) {
            table.freeze(changes);
        }
        return changes;
    }

    /** The changes taken by the last {@link #freeze} are in the database now. */
    public void releaseFrozen() {
        for (ValueTable<?> table : all) {
            table.releaseFrozen();
        }
    }

    /** Drops every change that is not committed, frozen ones included. */
    public void rollBack() {
        for (ValueTable<?> table : all) {
            table.rollBack();
        }
        touched.clear();
        scope.end();
    }

    /** Whether anything has changed in the epoch under way. */
    public boolean hasChanges() {
        for (ValueTable<?> table : all) {
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
        ValueTable<?> table = tables.get(state.name());
        return table == null ? database.value(state, key) : table.current(key);
    }

    /** Whether this may name a state. */
    public static boolean isStateName(String name) {
        return STATE_NAME.matcher(name).matches();
    }

    /** Entries on the heap. */
    public long entriesOnHeap() {
        long entries = 0;
        for (ValueTable<?> table : all) {
            entries += table.size();
        }
        return entries;
    }

    /** The largest values of each state that were written or read so far, a few of each. */
    public List<LargeValue> largestValues() {
        List<LargeValue> largest = new ArrayList<>();
        for (ValueTable<?> table : all) {
            largest.addAll(table.largest());
        }
        return largest;
    }

    /** Gives the memory back. The database stays open. */
    @Override
    public void close() {
        for (ValueTable<?> table : all) {
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

    void touched(ValueTable<?> table) {
        touched.add(table);
    }

    /** The database could not be read. */
    LocalStateException failed(LocalStateException e) {
        failure = e;
        return e;
    }

    private void endRecord() {
        failure = null;
        for (ValueTable<?> table : all) {
            table.endRecord();
        }
        touched.clear();
        key = null;
        scope.end();
    }

    private int changedEntries() {
        int entries = 0;
        for (ValueTable<?> table : all) {
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
