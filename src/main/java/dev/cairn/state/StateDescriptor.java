package dev.cairn.state;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a checkpoint records of a declared state.
 *
 * @param name the name that the processor gave it
 * @param kind its kind: {@code value}, {@code map}, {@code list}, {@code reducing}, {@code event-timer}, {@code
 *     processing-timer}, {@code times} or {@code entry-times}
 * @param keySerializer names what wrote the keys of its entries, where those are the author's; otherwise {@code null}
 * @param serializer names what wrote its values
 * @param versions the versions that its values may have, and what wrote each; {@code null} where they have none
 * @param id its prefix in stored keys, from 1
 */
@JsonAutoDetect(isGetterVisibility = JsonAutoDetect.Visibility.NONE)
public record StateDescriptor(
        String name,
        String kind,
        @JsonInclude(JsonInclude.Include.NON_NULL) String keySerializer,
        String serializer,
        @JsonInclude(JsonInclude.Include.NON_NULL) Map<Integer, String> versions,
        int id) {

    /** Copies the versions. */
    public StateDescriptor {
        versions = versions == null ? null : Collections.unmodifiableMap(new TreeMap<>(versions));
    }

    /** A state whose entries have no keys of the author's, and whose values no version. */
    public StateDescriptor(String name, String kind, String serializer, int id) {
        this(name, kind, null, serializer, null, id);
    }

    /** A state whose values have no version. */
    public StateDescriptor(String name, String kind, String keySerializer, String serializer, int id) {
        this(name, kind, keySerializer, serializer, null, id);
    }

    /** The same state under another id. */
    public StateDescriptor withId(int other) {
        return new StateDescriptor(name, kind, keySerializer, serializer, versions, other);
    }

    /** The same state, whose values may have the versions of another one, too. */
    public StateDescriptor withVersionsOf(StateDescriptor other) {
        if (versions == null || other.versions == null) {
            return this;
        }
        Map<Integer, String> all = new TreeMap<>(versions);
        all.putAll(other.versions);
        return new StateDescriptor(name, kind, keySerializer, serializer, all, id);
    }

    /** In which time its values expire; nothing where they do not. */
    public Optional<TimeDomain> expiresIn() {
        return TimeDomain.of(serializer);
    }

    /** How it is stored, for messages. Two states have content of the same form if and only if this is equal. */
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
        return StateKind.isIndex(this);
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
