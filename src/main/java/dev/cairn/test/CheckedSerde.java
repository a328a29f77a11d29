package dev.cairn.test;

import java.util.Arrays;
import java.util.Optional;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.state.AuthorError;

/**
 * The serde of a state, as a witness of what its values were.
 *
 * <p>Equal bytes are equal values. Where bytes differ, values may be equal all the same: a set may be written in another order,
 * and a cipher writes nothing twice. So values that {@code equals} calls equal count as equal, and a serde that writes one
 * object in two ways proves nothing.
 *
 * @param <T> type of the values
 */
final class CheckedSerde<T> {

    private static final int MAX_SHOWN = 200;

    private final String state;
    private final Serde<T> serde;

    CheckedSerde(String state, Serde<T> serde) {
        this.state = state;
        this.serde = serde;
    }

    String state() {
        return state;
    }

    /** The bytes of a value, which nothing changes afterwards; {@code null} where it cannot be written. */
    byte[] write(T value) {
        try {
            byte[] bytes = serde.serializer().serialize(state, value);
            return bytes == null ? null : bytes.clone();
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** The value of bytes; {@code null} where they cannot be read. */
    private T read(byte[] bytes) {
        try {
            return serde.deserializer().deserialize(state, bytes.clone());
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** What is lost of a value when it is written and read again: a clause, or nothing. */
    Optional<String> loss(T value) {
        byte[] bytes;
        T copy;
        try {
            bytes = serde.serializer().serialize(state, value);
            if (bytes == null) {
                return Optional.of("its serializer returns null for " + shown(value));
            }
            bytes = bytes.clone();
        } catch (RuntimeException e) {
            return Optional.of("its serializer cannot write " + shown(value) + ": " + AuthorError.describe(e));
        }
        try {
            copy = serde.deserializer().deserialize(state, bytes.clone());
        } catch (RuntimeException e) {
            return Optional.of("its deserializer cannot read what was written of " + shown(value) + ": "
                    + AuthorError.describe(e));
        }
        if (copy == null) {
            return Optional.of("its deserializer returns null for what was written of " + shown(value));
        }
        return isWrittenOtherwise(copy, bytes) || isAnother(copy, value, bytes)
                ? Optional.of(shown(value) + " becomes " + shown(copy) + " when it is written and read again")
                : Optional.empty();
    }

    private boolean isWrittenOtherwise(T copy, byte[] bytes) {
        byte[] again = write(copy);
        if (Arrays.equals(bytes, again)) {
            return false;
        }
        return again == null || (!copy.equals(read(again)) && Arrays.equals(again, write(copy)));
    }

    /** Two copies that are equal show that {@code equals} goes by content: then the value must equal them. */
    private boolean isAnother(T copy, T value, byte[] bytes) {
        return copy.getClass() == value.getClass() && copy.equals(read(bytes)) && !value.equals(copy);
    }

    /** Whether an object still is what it was when it was written as these bytes. */
    boolean isUnchanged(byte[] before, T value) {
        byte[] now = write(value);
        if (Arrays.equals(before, now)) {
            return true;
        }
        if (now == null) {
            return false;
        }
        T was = read(before);
        return (was != null && was.equals(read(now))) || !Arrays.equals(now, write(value));
    }

    /** What the bytes stand for, for messages. */
    String shown(byte[] bytes) {
        return shown(read(bytes));
    }

    /** A value, for messages. */
    static String shown(Object value) {
        String text = value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
