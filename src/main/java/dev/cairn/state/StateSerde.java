package dev.cairn.state;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes and reads the values of one declared state, or the keys of its entries, as its author's serde does, and says whose
 * fault a failure is. Used by one thread at a time.
 *
 * @param <T> type of the values
 */
final class StateSerde<T> {

    private final String state;
    private final String what;
    private final String name;
    private final Serializer<T> serializer;
    private final Deserializer<T> deserializer;

    private StateSerde(String state, String what, String name, Serde<T> serde) {
        this.state = state;
        this.what = what;
        this.name = name;
        this.serializer = serde.serializer();
        this.deserializer = serde.deserializer();
    }

    static <T> StateSerde<T> ofValues(StateDescriptor state, Serde<T> serde) {
        return new StateSerde<>(state.name(), "value", state.serializer(), serde);
    }

    static <T> StateSerde<T> ofKeys(StateDescriptor state, Serde<T> serde) {
        return new StateSerde<>(state.name(), "key", state.keySerializer(), serde);
    }

    /**
     * Writes a value.
     *
     * @throws StateSerdeException when the serializer fails or returns {@code null}
     */
    byte[] serialize(T value) {
        byte[] bytes;
        try {
            bytes = serializer.serialize(state, value);
        } catch (RuntimeException e) {
            throw failed("written", AuthorError.describe(e), e);
        }
        if (bytes == null) {
            // Stored, it would be a removal that the processor has not asked for.
            throw failed("written", "the serializer returned null for a " + what + " that is not null", null);
        }
        return bytes;
    }

    /**
     * Reads a value.
     *
     * @throws StateSerdeException when the deserializer fails or returns {@code null}
     */
    T deserialize(byte[] stored) {
        T value;
        try {
            value = deserializer.deserialize(state, stored);
        } catch (RuntimeException e) {
            throw failed("read", AuthorError.describe(e), e);
        }
        if (value == null) {
            // The key would seem to have no value, and the next update would begin anew.
            throw failed("read", "the deserializer returned null for a " + what + " that was stored", null);
        }
        return value;
    }

    private StateSerdeException failed(String how, String why, RuntimeException cause) {
        return new StateSerdeException(
                "a " + what + " of the state '" + state + "' cannot be " + how + " by " + name + ": " + why, cause);
    }
}
