package dev.cairn.api;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serdes whose bytes have the order of what they stand for, for the keys of a {@link MapState}. Kafka's own serdes of numbers
 * put negative numbers behind positive ones.
 *
 * <p>Thread-safe. {@code null} stays {@code null} in both directions. Bytes of another length are a {@link
 * SerializationException}.
 */
public final class OrderedSerdes {

    private OrderedSerdes() {}

    /** Text in the order of its code points; Kafka's own serde, in UTF-8. */
    public static Serde<String> text() {
        return Serdes.String();
    }

    /** Numbers of 64 bits. */
    public static Serde<Long> longs() {
        return new Fixed<>(
                "long",
                Long.BYTES,
                (buffer, value) -> buffer.putLong(value ^ Long.MIN_VALUE),
                buffer -> buffer.getLong() ^ Long.MIN_VALUE);
    }

    /** Numbers of 32 bits. */
    public static Serde<Integer> ints() {
        return new Fixed<>(
                "int",
                Integer.BYTES,
                (buffer, value) -> buffer.putInt(value ^ Integer.MIN_VALUE),
                buffer -> buffer.getInt() ^ Integer.MIN_VALUE);
    }

    /** Floating-point numbers in the order of {@link Double#compare}: -0.0 before 0.0, and NaN last. */
    public static Serde<Double> doubles() {
        return new Fixed<>(
                "double",
                Double.BYTES,
                (buffer, value) -> {
                    long bits = Double.doubleToLongBits(value);
                    buffer.putLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
                },
                buffer -> {
                    long bits = buffer.getLong();
                    return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
                });
    }

    /** Points in time, to the nanosecond. */
    public static Serde<Instant> instants() {
        return new Fixed<>(
                "instant",
                Long.BYTES + Integer.BYTES,
                (buffer, value) ->
                        buffer.putLong(value.getEpochSecond() ^ Long.MIN_VALUE).putInt(value.getNano()),
                buffer -> Instant.ofEpochSecond(buffer.getLong() ^ Long.MIN_VALUE, buffer.getInt()));
    }

    /** Its name is what a checkpoint records. */
    private record Fixed<T>(String type, int bytes, BiConsumer<ByteBuffer, T> writer, Function<ByteBuffer, T> reader)
            implements Serde<T>, Serializer<T>, Deserializer<T> {

        @Override
        public byte[] serialize(String topic, T value) {
            if (value == null) {
                return null;
            }
            ByteBuffer buffer = ByteBuffer.allocate(bytes);
            writer.accept(buffer, value);
            return buffer.array();
        }

        @Override
        public T deserialize(String topic, byte[] stored) {
            if (stored == null) {
                return null;
            }
            if (stored.length != bytes) {
                throw new SerializationException(this + " has " + bytes + " bytes, not " + stored.length);
            }
            return reader.apply(ByteBuffer.wrap(stored));
        }

        @Override
        public Serializer<T> serializer() {
            return this;
        }

        @Override
        public Deserializer<T> deserializer() {
            return this;
        }

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "ordered(" + type + ")";
        }
    }
}
