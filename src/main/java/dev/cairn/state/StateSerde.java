package dev.cairn.state;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes and reads the values of one declared state, as its author's serde does, and says whose fault a failure is. Used by
 * one thread at a time.
 *
 * @param <T> type of the values
 */
final class StateSerde<T> {

    private final StateDescriptor descriptor;
    private final Serializer<T> serializer;
    private final Deserializer<T> deserializer;

    StateSerde(StateDescriptor descriptor, Serde<T> serde) {
        this.descriptor = descriptor;
        this.serializer = serde.serializer();
        this.deserializer = serde.deserializer();
    }

    /**
     * Writes a value.
     *
     * @throws StateSerdeException when the serializer fails or returns {@code null}
     */
    byte[] serialize(T value) {
        byte[] bytes;
        try {
            bytes = serializer.serialize(descriptor.name(), value);
        } catch (RuntimeException e) {
            throw failed("written", AuthorError.describe(e), e);
        }
        if (bytes == null) {
            // Stored, it would be a removal that the processor has not asked for.
            throw failed("written", "the serializer returned null for a value that is not null", null);
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
            value = deserializer.deserialize(descriptor.name(), stored);
        } catch (RuntimeException e) {
            throw failed("read", AuthorError.describe(e), e);
        }
        if (value == null) {
            // The key would seem to have no value, and the next update would begin anew.
            throw failed("read", "the deserializer returned null for a value that was stored", null);
        }
        return value;
    }

    private StateSerdeException failed(String what, String why, RuntimeException cause) {
        return new StateSerdeException(
                "a value of the state '" + descriptor.name() + "' cannot be " + what + " by " + descriptor.serializer()
                        + ": " + why,
                cause);
    }
}
