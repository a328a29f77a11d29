package dev.cairn.state;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.VersionedSerde;

/** The states of a partition that are stored, that are declared, or both. Used by the loop's thread only. */
final class StateCatalog {

    private static final Pattern STATE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private static final String WAY_OUT = ": declare the former, or give the state another name";

    private final Map<String, StateDescriptor> states;
    private final Set<String> declared = new HashSet<>();

    /** @param stored the states that the restored checkpoint knows; they keep their ids */
    StateCatalog(List<StateDescriptor> stored) {
        states = stored.stream()
                .collect(Collectors.toMap(StateDescriptor::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    /** Whether this may name a state. */
    static boolean isStateName(String name) {
        return STATE_NAME.matcher(name).matches();
    }

    /**
     * A state is declared.
     *
     * @param keySerde of the keys of its entries, where those are the author's; otherwise {@code null}
     * @throws IllegalArgumentException when the name is malformed or taken, or when keys have versions
     * @throws IncompatibleStateException when it was stored otherwise
     */
    StateDescriptor declare(String name, StateKind kind, Serde<?> keySerde, Serde<?> serde) {
        if (!isStateName(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a state: use letters, digits, '-', '_' and '.', at most 100 characters");
        }
        if (declared.contains(name)) {
            throw new IllegalArgumentException("the state '" + name + "' is declared twice");
        }
        if (keySerde instanceof VersionedSerde<?>) {
            throw new IllegalArgumentException("the keys of the state '" + name + "' are declared by " + keySerde
                    + ", but keys cannot migrate: an entry is found by what its key was written as. Give their serde"
                    + " itself");
        }
        VersionedSerde<?> versioned = versioned(serde);
        StateDescriptor wanted = new StateDescriptor(
                name,
                kind.toString(),
                keySerde == null ? null : serializerName(keySerde),
                serializerName(serde),
                versioned == null
                        ? null
                        : Map.of(versioned.version(), readable(versioned).get(versioned.version())),
                nextId());
        StateDescriptor stored = states.get(name);
        StateDescriptor descriptor = stored == null ? wanted : evolved(stored, wanted, versioned);
        states.put(name, descriptor);
        declared.add(name);
        return descriptor;
    }

    /** The state from now on. */
    private static StateDescriptor evolved(StateDescriptor stored, StateDescriptor wanted, VersionedSerde<?> versioned) {
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
        versioned.readable().forEach((version, serde) -> names.put(version, serializerName(serde)));
        return names;
    }

    /** Names of states that are stored, but that no one has declared. */
    List<String> unclaimed() {
        return states.keySet().stream().filter(name -> !declared.contains(name)).toList();
    }

    /** What is stored and declared, for the checkpoint. */
    List<StateDescriptor> descriptors() {
        return List.copyOf(states.values());
    }

    private int nextId() {
        int id = states.values().stream().mapToInt(StateDescriptor::id).max().orElse(KeyLayout.FIRST_STATE_ID - 1) + 1;
        if (id > KeyLayout.LAST_STATE_ID) {
            throw new IllegalArgumentException("no more than " + KeyLayout.LAST_STATE_ID + " states fit into a job");
        }
        return id;
    }

    /** A serde that names itself (such as JSON of a type) does so in {@code toString}; others are named by their class. */
    static String serializerName(Serde<?> serde) {
        String name = serde.toString();
        // What Object's own toString would say; to look for another one needs reflection.
        String nameless = serde.getClass().getName() + "@" + Integer.toHexString(serde.hashCode());
        return name.equals(nameless) ? serde.serializer().getClass().getName() : name;
    }
}
