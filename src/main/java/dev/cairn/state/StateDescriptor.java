package dev.cairn.state;

import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a checkpoint records of a declared state.
 *
 * @param name the name that the processor gave it
 * @param kind its kind: {@code value}, {@code map}, {@code list}, {@code reducing}, {@code event-timer}, {@code
 *     processing-timer} or {@code times}
 * @param keySerializer names what wrote the keys of its entries, where those are the author's; otherwise {@code null}
 * @param serializer names what wrote its values
 * @param id its prefix in stored keys, from 1
 */
public record StateDescriptor(
        String name,
        String kind,
        @JsonInclude(JsonInclude.Include.NON_NULL) String keySerializer,
        String serializer,
        int id) {

    /** A state whose entries have no keys of the author's. */
    public StateDescriptor(String name, String kind, String serializer, int id) {
        this(name, kind, null, serializer, id);
    }

    /** The same state under another id. */
    public StateDescriptor withId(int other) {
        return new StateDescriptor(name, kind, keySerializer, serializer, other);
    }

    /** How it is stored, for messages. Two states may have the same content if and only if this is equal. */
    public String storedAs() {
        return kind + " by " + serializer + (keySerializer == null ? "" : ", with keys by " + keySerializer);
    }

    /** Whether a record key has one value at most, so that nothing follows it in a stored key. */
    public boolean holdsOneValue() {
        return StateKind.holdsOneValue(this);
    }

    /** Whether each of its entries is a timer that is set. */
    public boolean isTimer() {
        return StateKind.EVENT_TIMER.isOf(this) || StateKind.PROCESSING_TIMER.isOf(this);
    }

    /** Whether it only finds the entries of another state by their time, so that no one asks it for a key. */
    public boolean isIndex() {
        return StateKind.TIMES.isOf(this);
    }

    /**
     * The record's key that an entry belongs to, as it stood in Kafka. The same rule holds for all kinds, unknown ones
     * included.
     *
     * @param entryKey a stored key without the state's id, see {@link StateScan#key}
     */
    public byte[] recordKey(byte[] entryKey) {
        return KeyLayout.recordKey(this, entryKey);
    }

    /**
     * What tells an entry from the others of its record key, as its serializer wrote it.
     *
     * @param entryKey a stored key without the state's id, see {@link StateScan#key}
     * @return nothing where a record key has one value at most
     */
    public Optional<byte[]> restOf(byte[] entryKey) {
        return holdsOneValue() ? Optional.empty() : Optional.of(KeyLayout.rest(this, entryKey));
    }
}
