package dev.cairn.api;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A serde with a name and a version of the author's choosing, for values whose type changes while they are stored.
 *
 * <pre>{@code
 * VersionedSerde.of("payment", 2, JsonSerde.of(Payment.class))
 *         .from(1, JsonSerde.of(FormerPayment.class), former -> new Payment(former.amount(), "EUR"))
 * }</pre>
 *
 * <p>A value tells its version, so values of several versions may stand side by side. One of an older version is migrated
 * whenever it is read, and written in the declared version when it next changes. A checkpoint records the name, and which
 * versions its values may have; a job that cannot read one of them does not start. So {@link #from} stays declared as long
 * as such values may be stored. Classes may be renamed and moved, as only the name counts.
 *
 * <p>Written are eight bytes, the byte {@code FF}, {@code ver} in ASCII and the version, most significant byte first, and
 * then what the serde of this version writes. As thread-safe as the serdes it was given. {@code null} stays {@code null}.
 *
 * @param <T> type of the values
 */
public final class VersionedSerde<T> implements Serde<T>, Serializer<T>, Deserializer<T> {

    /** What stands in front of each value: the mark and the version. */
    public static final int HEADER_BYTES = 2 * Integer.BYTES;

    /** Stands for values without a version: those stored before the state had any. */
    public static final int WITHOUT_VERSION = 0;

    /** No text in UTF-8, and so no JSON, has this byte. */
    private static final int MARK = 0xFF000000 | 'v' << 16 | 'e' << 8 | 'r';

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final String name;
    private final int version;
    private final NavigableMap<Integer, Format<?, T>> formats;
    private final Serializer<T> serializer;

    /** How values of one version are read. */
    private record Format<O, T>(Serde<O> serde, Function<? super O, ? extends T> migrate) {

        T read(String topic, byte[] bytes) {
            O value = serde.deserializer().deserialize(topic, bytes);
            return value == null ? null : migrate.apply(value);
        }
    }

    private VersionedSerde(
            String name, int version, Serializer<T> serializer, NavigableMap<Integer, Format<?, T>> formats) {
        this.name = name;
        this.version = version;
        this.serializer = serializer;
        this.formats = formats;
    }

    /**
     * For values of one version.
     *
     * @param name letters, digits, {@code -}, {@code _} and {@code .}, at most 100 characters
     * @param version from 1; a higher number for each change of the type that its serde does not read by itself
     * @param serde reads and writes values of this version
     * @throws IllegalArgumentException when the name or the version cannot be
     */
    public static <T> VersionedSerde<T> of(String name, int version, Serde<T> serde) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a serde: use letters, digits, '-', '_' and '.', at most 100 characters");
        }
        if (version < 1) {
            throw new IllegalArgumentException("the versions of '" + name + "' begin with 1, not with " + version);
        }
        return new VersionedSerde<>(name, version, serde.serializer(), new TreeMap<>())
                .reading(version, serde, Function.identity());
    }

    /**
     * The same, which also reads values of an older version.
     *
     * @param older their version; {@link #WITHOUT_VERSION} for values that {@code serde} itself has stored, before the
     *     state had versions
     * @param serde reads them
     * @param migrate makes of such a value one of the declared version, never {@code null}; without side effects, as a value
     *     is migrated each time it is read
     * @throws IllegalArgumentException when this is no older version, or when it is given twice
     */
    public <O> VersionedSerde<T> from(int older, Serde<O> serde, Function<? super O, ? extends T> migrate) {
        if (older < WITHOUT_VERSION || older >= version) {
            throw new IllegalArgumentException("'" + name + "' has version " + version + ", and cannot migrate from "
                    + older + ": give an older one, or " + WITHOUT_VERSION + " for values without a version");
        }
        if (formats.containsKey(older)) {
            throw new IllegalArgumentException("'" + name + "' is told twice how to migrate from version " + older);
        }
        return reading(older, serde, Objects.requireNonNull(migrate));
    }

    private <O> VersionedSerde<T> reading(int added, Serde<O> serde, Function<? super O, ? extends T> migrate) {
        NavigableMap<Integer, Format<?, T>> more = new TreeMap<>(formats);
        more.put(added, new Format<>(serde, migrate));
        return new VersionedSerde<>(name, version, serializer, more);
    }

    /** What the author calls it. */
    public String name() {
        return name;
    }

    /** The version that is written. */
    public int version() {
        return version;
    }

    /** The serdes of all versions that are read, {@link #version} included. */
    public Map<Integer, Serde<?>> readable() {
        Map<Integer, Serde<?>> serdes = new TreeMap<>();
        formats.forEach((number, format) -> serdes.put(number, format.serde()));
        return Collections.unmodifiableMap(serdes);
    }

    /** The version that written bytes name; nothing where they do not look as if they named one. */
    public static OptionalInt versionOf(byte[] written) {
        if (written.length < HEADER_BYTES) {
            return OptionalInt.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(written);
        return header.getInt() == MARK ? OptionalInt.of(header.getInt()) : OptionalInt.empty();
    }

    @Override
    public byte[] serialize(String topic, T value) {
        byte[] bytes = value == null ? null : serializer.serialize(topic, value);
        return bytes == null
                ? null
                : ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                        .putInt(MARK)
                        .putInt(version)
                        .put(bytes)
                        .array();
    }

    /** @throws SerializationException when the value is of a version that is not read */
    @Override
    public T deserialize(String topic, byte[] written) {
        if (written == null) {
            return null;
        }
        OptionalInt named = versionOf(written);
        Format<?, T> format = named.isPresent() ? formats.get(named.getAsInt()) : null;
        if (format != null) {
            return format.read(topic, Arrays.copyOfRange(written, HEADER_BYTES, written.length));
        }
        format = formats.get(WITHOUT_VERSION);
        if (format == null) {
            throw new SerializationException(
                    named.isPresent()
                            ? this + " of version " + version + " does not read version " + named.getAsInt()
                            : "the value was not written by " + this);
        }
        return format.read(topic, written);
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
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {}

    /** What a checkpoint records. */
    @Override
    public String toString() {
        return "versioned(" + name + ")";
    }
}
