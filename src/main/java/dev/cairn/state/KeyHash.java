package dev.cairn.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A hash of keys for tables on the heap.
 *
 * <p>{@link java.util.Arrays#hashCode(byte[])} maps a million keys that count up in binary to some 20,000 values; and keys
 * of one partition agree in what Kafka's partitioner hashes. This one multiplies eight bytes at a time. Its seed differs
 * from process to process, so that no one can prepare keys that collide.
 */
final class KeyHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private KeyHash() {}

    /** A class of its own: a native executable sets the others up when it is built, and must not bring a seed along. */
    private static final class Seed {

        static final long VALUE = new SplittableRandom().nextLong();
    }

    static int of(byte[] key) {
        long hash = Seed.VALUE ^ key.length;
        int i = 0;
        for (; i + Long.BYTES <= key.length; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(key, i));
        }
        long rest = 0;
        for (; i < key.length; i++) {
            rest = (rest << Byte.SIZE) | (key[i] & 0xFF);
        }
        return (int) mix(hash ^ rest);
    }

    private static long mix(long value) {
        long product = value * ODD;
        return product ^ (product >>> 32);
    }
}
