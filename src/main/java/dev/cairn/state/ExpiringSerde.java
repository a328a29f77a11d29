package dev.cairn.state;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes values with the time in front at which they expire: eight bytes, the most significant first.
 *
 * @param domain in which time they expire
 * @param values writes the values
 * @param <T> type of the values
 */
record ExpiringSerde<T>(TimeDomain domain, Serde<T> values)
        implements Serde<Expiring<T>>, Serializer<Expiring<T>>, Deserializer<Expiring<T>> {

    /** What stands in front of the value. */
    static final int HEADER_BYTES = Long.BYTES;

    /** The time in front of a stored value. @throws SerializationException when there is none */
    static long expires(byte[] stored) {
        if (stored.length < HEADER_BYTES) {
            throw new SerializationException(
                    "a value that expires has at least " + HEADER_BYTES + " bytes, not " + stored.length);
        }
        return ByteBuffer.wrap(stored).getLong();
    }

    /** What stands behind the time. */
    static byte[] value(byte[] stored) {
        return Arrays.copyOfRange(stored, HEADER_BYTES, stored.length);
    }

    @Override
    public byte[] serialize(String state, Expiring<T> expiring) {
        byte[] bytes = values.serializer().serialize(state, expiring.value());
        return bytes == null
                ? null
                : ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                        .putLong(expiring.expires())
                        .put(bytes)
                        .array();
    }

    @Override
    public Expiring<T> deserialize(String state, byte[] stored) {
        long expires = expires(stored);
        T value = values.deserializer().deserialize(state, value(stored));
        return value == null ? null : new Expiring<>(expires, value);
    }

    @Override
    public Serializer<Expiring<T>> serializer() {
        return this;
    }

    @Override
    public Deserializer<Expiring<T>> deserializer() {
        return this;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {}

    @Override
    public void close() {}

    /** What a checkpoint records. */
    @Override
    public String toString() {
        return domain.around(StoredStates.serializerName(values));
    }
}
