package dev.cairn.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes as bytes, for those that are too few for a file of their own: for each, the length of the key, the key, the
 * length of the value (-1 where it was removed), the value. Lengths are 32 bits, most significant byte first.
 */
public final class ChangeCodec {

    private static final int REMOVED = -1;

    private ChangeCodec() {}

    /** How many bytes {@link #encode} makes of a change. */
    public static int encodedSize(Change change) {
        return 2 * Integer.BYTES + change.size();
    }

    /** Encodes changes in their order. */
    public static byte[] encode(List<Change> changes) {
        int size = changes.stream().mapToInt(ChangeCodec::encodedSize).sum();
        ByteBuffer buffer = ByteBuffer.allocate(size);
        for (Change change : changes) {
            buffer.putInt(change.key().length).put(change.key());
            if (change.value() == null) {
                buffer.putInt(REMOVED);
            } else {
                buffer.putInt(change.value().length).put(change.value());
            }
        }
        return buffer.array();
    }

    /** Decodes what {@link #encode} made. @throws IllegalArgumentException when the bytes are something else */
    public static List<Change> decode(byte[] encoded) {
        List<Change> changes = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        try {
            while (buffer.hasRemaining()) {
                byte[] key = take(buffer, buffer.getInt());
                int length = buffer.getInt();
                changes.add(new Change(key, length == REMOVED ? null : take(buffer, length)));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the encoded changes end in the middle of one", e);
        }
        return changes;
    }

    private static byte[] take(ByteBuffer buffer, int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw new IllegalArgumentException("a length of " + length + " in the encoded changes is impossible");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
