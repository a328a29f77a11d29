package dev.cairn.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.StoredObject;

/**
 * What a partition's directory holds.
 *
 * @param objects by their paths relative to the directory, in the order of the paths
 * @param checkpoints newest first
 */
record PartitionContent(Map<String, StoredObject> objects, List<Needs> checkpoints) {

    /**
     * A checkpoint, and what restoring it takes.
     *
     * @param found the checkpoint
     * @param paths the objects that it needs beside its {@code _metadata}, as far as they are known
     * @param unreadable why not all of them are known, if so
     */
    record Needs(FoundCheckpoint found, Set<String> paths, Optional<String> unreadable) {

        Needs {
            paths = Set.copyOf(paths);
        }

        long number() {
            return found.number();
        }

        Optional<CheckpointMetadata> metadata() {
            return found instanceof FoundCheckpoint.Legible legible
                    ? Optional.of(legible.metadata())
                    : Optional.empty();
        }

        /** Its objects, with those that make it visible. */
        Set<String> everything() {
            Set<String> everything = new HashSet<>(paths);
            everything.add(CheckpointPaths.metadataPath(number()));
            everything.add(CheckpointPaths.markerPath(number()));
            return everything;
        }

        Retention.Retained retained() {
            return new Retention.Retained(number(), paths);
        }
    }

    /** Lists first and reads afterwards, so that a checkpoint is known that needs any of what is listed. */
    static PartitionContent read(CheckpointStore store) {
        Map<String, StoredObject> objects = store.objects();
        Map<ObjectRef, BaseFiles> bases = new HashMap<>();
        List<Needs> checkpoints = new ArrayList<>();
        FoundCheckpoint.newestFirst(store, CheckpointStore.Listing.of(objects.keySet()))
                .forEach(found -> needs(store, found, bases).ifPresent(checkpoints::add));
        return new PartitionContent(objects, List.copyOf(checkpoints));
    }

    /** The input topics that its checkpoints have on record. */
    Set<String> topics() {
        return checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.metadata().stream())
                .flatMap(metadata -> metadata.positions().stream())
                .map(InputPosition::topic)
                .collect(Collectors.toSet());
    }

    /** The checkpoint of this number, if there is one. */
    Optional<Needs> find(long number) {
        return checkpoints.stream()
                .filter(checkpoint -> checkpoint.number() == number)
                .findFirst();
    }

    /** Exactly this checkpoint, if it is there and can be read. */
    Optional<CheckpointMetadata> find(CheckpointId id) {
        return find(id.number()).flatMap(Needs::metadata).filter(metadata -> metadata.id()
                .equals(id));
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
