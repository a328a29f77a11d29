package dev.cairn.checkpoint.store;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.cairn.storage.StoredObject;

/** What a partition's directory in the store holds. */
public final class StoreContents {

    private StoreContents() {}

    /** Paths of what the checkpoints that are there need, besides their {@code _metadata}. */
    public static Set<String> needed(CheckpointStore store) {
        return ContentReader.read(store).checkpoints().stream()
                .flatMap(checkpoint -> checkpoint.paths().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The sizes of all objects. */
    public static Set<Long> sizes(CheckpointStore store) {
        return store.objects().values().stream().map(StoredObject::size).collect(Collectors.toSet());
    }
}
