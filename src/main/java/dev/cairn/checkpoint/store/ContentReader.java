package dev.cairn.checkpoint.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.PartitionContent;
import dev.cairn.checkpoint.protocol.PartitionContent.Needs;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.StoredObject;

/** Reads what a partition's directory holds. */
final class ContentReader {

    private ContentReader() {}

    /** Lists first and reads afterwards, so that a checkpoint is known that needs any of what is listed. */
    static PartitionContent read(CheckpointStore store) {
        Map<String, StoredObject> objects = store.objects();
        Map<ObjectRef, BaseFiles> bases = new HashMap<>();
        List<Needs> checkpoints = new ArrayList<>();
        FoundCheckpoints.newestFirst(store, CheckpointStore.Listing.of(objects.keySet()))
                .forEach(found -> needs(store, found, bases).ifPresent(checkpoints::add));
        return new PartitionContent(objects, List.copyOf(checkpoints));
    }

    private static Optional<Needs> needs(
            CheckpointStore store, FoundCheckpoint found, Map<ObjectRef, BaseFiles> bases) {
        if (found instanceof FoundCheckpoint.Damaged damaged) {
            return Optional.of(new Needs(found, Set.of(), Optional.of(damaged.cause())));
        }
        CheckpointMetadata metadata = ((FoundCheckpoint.Legible) found).metadata();
        Set<String> paths = new HashSet<>();
        metadata.objects().forEach(object -> paths.add(object.path()));
        if (metadata.base() == null) {
            return Optional.of(new Needs(found, paths, Optional.empty()));
        }
        BaseFiles base =
                bases.computeIfAbsent(metadata.base().description(), ref -> BaseFiles.of(store, metadata.base()));
        if (base.unreadable().isPresent() && isGone(store, metadata)) {
            return Optional.empty();
        }
        paths.addAll(base.paths());
        return Optional.of(new Needs(found, paths, base.unreadable()));
    }

    /** Its objects go after its {@code _metadata}: when that is gone, nothing is wrong with it. */
    private static boolean isGone(CheckpointStore store, CheckpointMetadata metadata) {
        try {
            return !store.read(metadata.number()).uid().equals(metadata.uid());
        } catch (ObjectMissingException e) {
            return true;
        } catch (DamagedCheckpointException e) {
            return false;
        }
    }

    private record BaseFiles(Set<String> paths, Optional<String> unreadable) {

        static BaseFiles of(CheckpointStore store, Base base) {
            try {
                Set<String> paths = store.readBase(base).files().stream()
                        .map(file -> file.object().path())
                        .collect(Collectors.toSet());
                return new BaseFiles(paths, Optional.empty());
            } catch (DamagedCheckpointException e) {
                return new BaseFiles(Set.of(), Optional.of(e.getMessage()));
            }
        }
    }
}
