package dev.cairn.bench;

import java.nio.ByteBuffer;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** A count and a sum. */
record Totals(long count, long sum) {

    static final Totals NONE = new Totals(0, 0);

    static final Serde<Totals> SERDE =
            Serdes.serdeFrom((topic, value) -> value.encode(), (topic, bytes) -> decode(bytes));

    Totals add(long value) {
        return new Totals(count + 1, sum + value);
    }

    byte[] encode() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(count).putLong(sum).array();
    }

    private static Totals decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Totals(buffer.getLong(), buffer.getLong());
    }
}
