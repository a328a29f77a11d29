package dev.cairn.state;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

import dev.cairn.api.VersionedSerde;

/**
 * A stored value without what stands in front of it: when it expires, and its version.
 *
 * @param expires when, in milliseconds since the epoch, in the time of its state; {@link Long#MAX_VALUE} for never
 * @param serializer names what wrote the bytes; {@code null} where that is not known
 * @param bytes what it wrote
 */
@SuppressWarnings("ArrayRecordComponent") // No one compares them.
public record StoredValue(long expires, String serializer, byte[] bytes) {

    /** Takes a stored value apart. */
    public static StoredValue of(StateDescriptor state, byte[] stored) {
        long expires = Long.MAX_VALUE;
        byte[] bytes = stored;
        if (state.expiresIn().isPresent()) {
            expires = ExpiringSerde.expires(stored);
            bytes = ExpiringSerde.value(stored);
        }
        Map<Integer, String> versions = state.versions();
        if (versions == null) {
            return new StoredValue(expires, TimeDomain.within(state.serializer()), bytes);
        }
        OptionalInt version = VersionedSerde.versionOf(bytes);
        return version.isPresent() && versions.containsKey(version.getAsInt())
                ? new StoredValue(
                        expires,
                        versions.get(version.getAsInt()),
                        Arrays.copyOfRange(bytes, VersionedSerde.HEADER_BYTES, bytes.length))
                : new StoredValue(expires, versions.get(VersionedSerde.WITHOUT_VERSION), bytes);
    }

    /** Whether nothing stands in front of the values of a state. */
    static boolean isPlain(StateDescriptor state) {
        return state.versions() == null && state.expiresIn().isEmpty();
    }
}
