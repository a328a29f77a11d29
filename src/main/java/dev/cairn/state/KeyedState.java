package dev.cairn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

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

    private final StateLayers layers;
    private final PartitionTime time;
    private final LastingStates lasting = new LastingStates(this);
    private final ExpiringStates expiring = new ExpiringStates(this);
    private final RecordScope scope = new RecordScope();
    private final List<DeclaredState> touched = new ArrayList<>();
    private DeclaredState[] states = {};
    private boolean loaded;
    private byte[] key;
    private LocalStateException failure;

    /**
     * @param database holds what is committed
     * @param memory shared with the other partitions of the loop
     * @param stored the states that the restored checkpoint knows; they keep their ids
     * @param time what time it is
     */
    public KeyedState(
            PartitionDatabase database, StateMemory memory, List<StateDescriptor> stored, PartitionTime time) {
        this.layers = new StateLayers(database, memory, new StoredStates(stored));
        this.time = time;
    }

    /** As the other one, by the system's clock. */
    public KeyedState(PartitionDatabase database, StateMemory memory, List<StateDescriptor> stored) {
        this(database, memory, stored, PartitionTime.ofSystem());
    }

    /**
     * Declares a state of one value for every key.
     *
     * @throws IllegalArgumentException when the name is malformed or taken
     * @throws IncompatibleStateException when it was stored otherwise, such as with another serializer
     */
    public <T> ValueState<T> valueState(String name, Serde<T> serde) {
        return lasting.valueState(name, serde);
    }

    /** Declares a state of values by keys of their own, as {@link #valueState}. */
    public <K, V> MapState<K, V> mapState(String name, Serde<K> keySerde, Serde<V> valueSerde) {
        return lasting.mapState(name, keySerde, valueSerde);
    }

    /** Declares a state of elements in the order in which they are added, as {@link #valueState}. */
    public <T> ListState<T> listState(String name, Serde<T> serde) {
        return lasting.listState(name, serde);
    }

    /** Declares a state of one value into which others are merged, as {@link #valueState}. */
    public <T> ReducingState<T> reducingState(String name, Serde<T> serde, BinaryOperator<T> reducer) {
        return lasting.reducingState(name, serde, reducer);
    }

    /** Declares timers that fire when the watermark has passed them, as {@link #valueState}. */
    public DeclaredTimers eventTimers(String name) {
        return timers(name, StateKind.EVENT_TIMER, time::watermark);
    }

    /** Declares timers that fire when the clock has passed them, as {@link #valueState}. */
    public DeclaredTimers processingTimers(String name) {
        return timers(name, StateKind.PROCESSING_TIMER, time::now);
    }

    private DeclaredTimers timers(String name, StateKind kind, LongSupplier now) {
        StateTable<Long> table = table(name, kind, null, Serdes.Long());
        return declared(new DeclaredTimers(this, table, index(name, StateKind.TIMES), now, time));
    }

    /** The index by time of a declared state. */
    TimeIndex index(String name, StateKind kind) {
        return layers.index(name, kind);
    }

    <T> StateTable<T> table(String name, StateKind kind, Serde<?> keySerde, Serde<T> serde) {
        return layers.table(this, name, kind, keySerde, serde);
    }

    <S extends DeclaredState> S declared(S state) {
        states = Arrays.copyOf(states, states.length + 1);
        states[states.length - 1] = state;
        return state;
    }

    /** Names of states that are stored, but that no one has declared. */
    public List<String> unclaimed() {
        return layers.unclaimed();
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
        layers.load(wanted);
        loaded = wanted.getAsBoolean();
    }

    /** What was loaded belongs to the loop from here on. Needed before the first record where all of the state is loaded. */
    public void start() {
        if (!loaded) {
            throw new IllegalStateException("the state has not been loaded");
        }
        layers.start();
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
        List<Change> changes = new ArrayList<>(layers.changedEntries());
        layers.freeze(changes);
        return changes;
    }

    /** The changes taken by the last {@link #freeze} are in the database now. */
    public void releaseFrozen() {
        time.releaseFrozen();
        layers.releaseFrozen();
    }

    /** Drops every change that is not committed, frozen ones included. */
    public void rollBack() {
        endRecord();
        time.rollBack();
        layers.rollBack();
        for (DeclaredState state : states) {
            state.rollBack();
        }
    }

    /** Whether anything has changed in the epoch under way. */
    public boolean hasChanges() {
        return layers.changedEntries() > 0;
    }

    /** What is stored and declared, for the checkpoint. */
    public List<StateDescriptor> descriptors() {
        return layers.descriptors();
    }

    /**
     * The value that a state has for a key now, committed or not, as its serializer writes it; nothing where it has none.
     * Between records only.
     *
     * @param state one of {@link #descriptors}
     * @param key the record's key, as it stood in Kafka
     */
    public Optional<byte[]> current(StateDescriptor state, byte[] key) {
        return layers.current(state, key);
    }

    /**
     * Some entries as they are now, committed or not, as their serializers write them. Between records only.
     *
     * @param state one of {@link #descriptors} that has entries
     * @param limit at most so many
     */
    public EntryPage current(StateDescriptor state, EntryRange range, int limit) {
        return layers.current(state, range, limit);
    }

    /** Whether this may name a state. */
    public static boolean isStateName(String name) {
        return StateLayers.isStateName(name);
    }

    /** Entries on the heap. */
    public long entriesOnHeap() {
        return layers.size();
    }

    /** The largest values of each state that were written or read so far, a few of each. */
    public List<LargeValue> largestValues() {
        return layers.largestValues();
    }

    /** Gives the memory back. The database stays open. */
    @Override
    public void close() {
        endRecord();
        for (DeclaredState state : states) {
            state.close();
        }
        layers.close();
    }

    /** Its states whose values expire. */
    public ExpiringStates expiring() {
        return expiring;
    }

    /** What time it is for the partition. */
    public PartitionTime time() {
        return time;
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
}
