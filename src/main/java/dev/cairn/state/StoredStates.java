package dev.cairn.state;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.OrderedSerdes;

/** What a partition stores, by name: what the restored checkpoint knows, and what is declared anew. By the loop's thread. */
final class StoredStates {

    /** Behind a state's name, that of its index. No author can give a state such a name. */
    private static final String INDEX_SUFFIX = "@times";

    private final Map<String, StateDescriptor> byName = new LinkedHashMap<>();

    /** @param restored what the restored checkpoint knows; they keep their ids */
    StoredStates(List<StateDescriptor> restored) {
        restored.forEach(state -> byName.putIfAbsent(state.name(), state));
    }

    /**
     * What is stored under a name, or will be.
     *
     * @param keySerde writes the keys of its entries; {@code null} where those are not the author's
     * @throws IncompatibleStateException when it was stored otherwise
     */
    StateDescriptor declare(String name, StateKind kind, Serde<?> keySerde, Serde<?> serde) {
        StateDescriptor declared = new StateDescriptor(
                name,
                kind.toString(),
                keySerde == null ? null : serializerName(keySerde),
                serializerName(serde),
                Evolution.versions(name, keySerde, serde),
                nextId());
        StateDescriptor restored = byName.get(name);
        return put(restored == null ? declared : Evolution.of(restored, declared, serde));
    }

    /** The index by time of a state. */
    StateDescriptor declareIndex(String name, StateKind kind) {
        String stored = name + INDEX_SUFFIX;
        return put(byName.getOrDefault(
                stored,
                new StateDescriptor(
                        stored, kind.toString(), serializerName(OrderedSerdes.longs()), "nothing", null, nextId())));
    }

    private StateDescriptor put(StateDescriptor state) {
        byName.put(state.name(), state);
        return state;
    }

    /** The names of the others. An index goes with its state. */
    List<String> namesBut(Collection<String> names) {
        return byName.values().stream()
                .filter(state -> !state.isIndex())
                .map(StateDescriptor::name)
                .filter(name -> !names.contains(name))
                .toList();
    }

    List<StateDescriptor> all() {
        return List.copyOf(byName.values());
    }

    private int nextId() {
        int id = byName.values().stream().mapToInt(StateDescriptor::id).max().orElse(KeyLayout.FIRST_STATE_ID - 1) + 1;
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
