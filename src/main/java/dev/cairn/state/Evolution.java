package dev.cairn.state;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.VersionedSerde;

/** Whether a state that is stored fits what a processor declares, and what becomes of it. */
final class Evolution {

    private static final String WAY_OUT = ": declare the former, or give the state another name";

    private Evolution() {}

    /**
     * The versions that values have which are written from now on; {@code null} where they have none.
     *
     * @param keySerde as it is declared, or {@code null}
     * @throws IllegalArgumentException when keys have versions
     */
    static Map<Integer, String> versions(String state, Serde<?> keySerde, Serde<?> serde) {
        if (keySerde instanceof VersionedSerde<?>) {
            throw new IllegalArgumentException("the keys of the state '" + state + "' are declared by " + keySerde
                    + ", but keys cannot migrate: an entry is found by what its key was written as. Give their serde"
                    + " itself");
        }
        VersionedSerde<?> versioned = versioned(serde);
        return versioned == null
                ? null
                : Map.of(versioned.version(), readable(versioned).get(versioned.version()));
    }

    /**
     * What a state is from now on.
     *
     * @param stored as it is stored
     * @param wanted as it is declared
     * @param serde as it is declared
     * @throws IncompatibleStateException when what is stored cannot be read by what is declared
     */
    static StateDescriptor of(StateDescriptor stored, StateDescriptor wanted, Serde<?> serde) {
        VersionedSerde<?> versioned = versioned(serde);
        if (stored.storedAs().equals(wanted.storedAs())) {
            if (versioned != null) {
                requireReadable(stored, versioned);
            }
            return stored.withVersionsOf(wanted);
        }
        if (!stored.expiresIn().equals(wanted.expiresIn())) {
            throw new IncompatibleStateException("the state '" + stored.name() + "' was stored as " + stored.storedAs()
                    + ", but the processor declares " + wanted.storedAs()
                    + ": a state keeps whether its values have a TTL, and in which time. Declare the former, or give the"
                    + " state another name");
        }
        if (versioned != null) {
            String former = TimeDomain.within(stored.serializer());
            StateDescriptor adopted = new StateDescriptor(
                    stored.name(),
                    stored.kind(),
                    stored.keySerializer(),
                    wanted.serializer(),
                    Map.of(VersionedSerde.WITHOUT_VERSION, former),
                    stored.id());
            if (stored.versions() == null
                    && former.equals(readable(versioned).get(VersionedSerde.WITHOUT_VERSION))
                    && adopted.storedAs().equals(wanted.storedAs())) {
                return adopted.withVersionsOf(wanted);
            }
        }
        throw new IncompatibleStateException("the state '" + stored.name() + "' was stored as " + stored.storedAs()
                + ", but the processor declares " + wanted.storedAs() + WAY_OUT
                + (versioned != null && stored.versions() == null
                        ? ". Or read the values that are stored: from(" + VersionedSerde.WITHOUT_VERSION
                                + ", <the former serde>, <how to migrate>)"
                        : ""));
    }

    private static void requireReadable(StateDescriptor stored, VersionedSerde<?> versioned) {
        Set<Integer> unknown = new HashSet<>(stored.versions().keySet());
        unknown.removeAll(versioned.readable().keySet());
        int newest = unknown.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (newest > versioned.version()) {
            throw new IncompatibleStateException("the state '" + stored.name() + "' was stored by version " + newest
                    + " of " + versioned + ", but the processor declares version " + versioned.version()
                    + ", which is older: run a release of the job that declares version " + newest
                    + " or a newer one, or start from a checkpoint or savepoint that was taken before");
        }
        if (!unknown.isEmpty()) {
            throw new IncompatibleStateException("the state '" + stored.name() + "' may have values of version "
                    + unknown.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "))
                    + " of " + versioned + ", but the processor declares version " + versioned.version()
                    + ", which does not read them: declare how they are migrated, with from(<version>, <its serde>,"
                    + " <how to migrate>)");
        }
    }

    private static VersionedSerde<?> versioned(Serde<?> serde) {
        Serde<?> writer = serde instanceof ExpiringSerde<?> expiring ? expiring.values() : serde;
        return writer instanceof VersionedSerde<?> versioned ? versioned : null;
    }

    /** What writes the versions that a serde reads. */
    private static Map<Integer, String> readable(VersionedSerde<?> versioned) {
        Map<Integer, String> names = new TreeMap<>();
        versioned.readable().forEach((version, serde) -> names.put(version, StoredStates.serializerName(serde)));
        return names;
    }
}
