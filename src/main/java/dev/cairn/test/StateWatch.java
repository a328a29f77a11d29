package dev.cairn.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

import dev.cairn.api.InputRecord;
import dev.cairn.api.Timer;

/**
 * Watches the values that a processor is given by its states, and that it gives to them: whether they stay what they were, and
 * whether their serdes lose something of them.
 */
final class StateWatch {

    /** What the states hold, as far as it went through the processor's hands. */
    private final Map<Place, Sighting<?>> known = new HashMap<>();

    /** What the record in process has read, and elements of lists. */
    private final List<Sighting<?>> seen = new ArrayList<>();

    /** What the record in process has stored last in a place. */
    private final Map<Place, Sighting<?>> given = new HashMap<>();

    private final IntSupplier failures;
    private String key;
    private String loss;

    /** What is in process, for messages; {@code null} for nothing. */
    private String what;

    private int failuresBefore;

    /** @param failures how many attempts at a record or a timer have failed so far */
    StateWatch(IntSupplier failures) {
        this.failures = failures;
    }

    /**
     * Where a value stands.
     *
     * @param key the record key
     * @param entry the key in a map; {@code null} where there is one value
     */
    private record Place(String state, String key, String entry) {

        @Override
        public String toString() {
            return "the state '" + state + "' for the key " + key + (entry == null ? "" : ", entry " + entry);
        }
    }

    /**
     * A value that was seen.
     *
     * @param value {@code null} where it was removed
     * @param bytes what it was then
     * @param stays whether nothing but an update takes it from its place; elements of a list move
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Sighting<T>(Place place, CheckedSerde<T> serde, T value, byte[] bytes, boolean stays) {

        void requireUnchanged(String when) {
            if (value != null && bytes != null && !serde.isUnchanged(bytes, value)) {
                throw new AssertionError("the processor has changed a value of " + place + " in place: it was "
                        + serde.shown(bytes) + ", and is " + CheckedSerde.shown(value) + " " + when
                        + ". Such a change stays when its record fails, and may be missing in a checkpoint: make another"
                        + " value, and store that");
            }
        }
    }

    /** A record is next. */
    void begin(InputRecord<?, ?> record) {
        begin("the record " + record.topic() + "-" + record.partition() + "@" + record.offset(), record.key());
    }

    /** A timer is next. */
    void begin(Timer<?> timer) {
        begin("the timer '" + timer.name() + "' of " + Instant.ofEpochMilli(timer.time()), timer.key());
    }

    /** What was in process before has ended. */
    private void begin(String next, Object recordKey) {
        end();
        what = next;
        key = CheckedSerde.shown(recordKey);
        failuresBefore = failures.getAsInt();
    }

    /** A state has given a value to the processor; {@code null} for none. */
    <T> void seen(CheckedSerde<T> serde, Object entry, T value) {
        Place place = place(serde, entry);
        // What the record has stored itself belongs to the record until it ends.
        if (value != null && !given.containsKey(place)) {
            Sighting<?> before = known.get(place);
            byte[] bytes = before != null && before.value() == value ? before.bytes() : serde.write(value);
            seen.add(new Sighting<>(place, serde, value, bytes, true));
        }
    }

    /** The processor has stored a value; {@code null} to remove it. */
    <T> void given(CheckedSerde<T> serde, Object entry, T value) {
        Place place = place(serde, entry);
        given.put(
                place, new Sighting<>(place, serde, value, value == null ? null : checked(serde, place, value), true));
    }

    /** A state has given an element of a list to the processor; {@code null} for none. */
    <T> void elementSeen(CheckedSerde<T> serde, T value) {
        if (value != null) {
            seen.add(new Sighting<>(place(serde, null), serde, value, serde.write(value), false));
        }
    }

    /** The processor has added an element to a list. */
    <T> void elementGiven(CheckedSerde<T> serde, T value) {
        Place place = place(serde, null);
        seen.add(new Sighting<>(place, serde, value, checked(serde, place, value), false));
    }

    /** The processor has stored something under this key of a map. */
    <T> void named(CheckedSerde<T> keys, T entry) {
        checked(keys, place(keys, entry), entry);
    }

    private <T> byte[] checked(CheckedSerde<T> serde, Place place, T value) {
        if (loss == null) {
            loss = serde.loss(value)
                    .map(clause -> "a serde of " + place + " does not keep what it is given: " + clause
                            + ". After a restart the job would continue with something else: correct the serde")
                    .orElse(null);
        }
        return serde.write(value);
    }

    private Place place(CheckedSerde<?> serde, Object entry) {
        return new Place(serde.state(), key, entry == null ? null : CheckedSerde.shown(entry));
    }

    /**
     * What was in process has ended. If it has failed, its changes do not belong to the state.
     *
     * @throws AssertionError when a value was changed in place, or a serde has lost something
     */
    void end() {
        if (what == null) {
            return;
        }
        boolean kept = failures.getAsInt() == failuresBefore;
        try {
            if (loss != null) {
                throw new AssertionError(loss);
            }
            String when = "at the end of " + what;
            seen.forEach(each -> each.requireUnchanged(when));
            given.values().forEach(each -> each.requireUnchanged(when));
            seen.stream().filter(Sighting::stays).forEach(each -> known.put(each.place(), each));
            if (kept) {
                given.forEach(this::remember);
            }
        } finally {
            seen.clear();
            given.clear();
            loss = null;
            what = null;
        }
    }

    private void remember(Place place, Sighting<?> sighting) {
        if (sighting.value() == null) {
            known.remove(place);
        } else {
            known.put(place, sighting);
        }
    }

    /** Looks at all values that are known. @throws AssertionError when one was changed in place */
    void verify(String when) {
        known.values().forEach(each -> each.requireUnchanged(when));
    }
}
