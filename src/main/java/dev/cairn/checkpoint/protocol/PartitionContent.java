package dev.cairn.checkpoint.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.storage.StoredObject;

/**
 * What a partition's directory holds.
 *
 * @param objects by their paths relative to the directory, in the order of the paths
 * @param checkpoints newest first
 */
public record PartitionContent(Map<String, StoredObject> objects, List<Needs> checkpoints) {

    /**
     * A checkpoint, and what restoring it takes.
     *
     * @param found the checkpoint
     * @param paths the objects that it needs besides its {@code _metadata}, as far as they are known
     * @param unreadable why not all of them are known, if so
     */
    public record Needs(FoundCheckpoint found, Set<String> paths, Optional<String> unreadable) {

        public Needs {
            paths = Set.copyOf(paths);
        }

        public long number() {
            return found.number();
        }

        public Optional<CheckpointMetadata> metadata() {
            return found.content();
        }

        /** Its objects, with those that make it visible. */
        public Set<String> everything() {
            Set<String> everything = new HashSet<>(paths);
            everything.add(CheckpointPaths.metadataPath(number()));
            everything.add(CheckpointPaths.markerPath(number()));
            return everything;
        }

        public Retention.Retained retained() {
            return new Retention.Retained(number(), paths);
        }
    }

    /** The input topics that its checkpoints have on record. */
    public Set<String> topics() {
        return checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.metadata().stream())
                .flatMap(metadata -> metadata.positions().stream())
                .map(InputPosition::topic)
                .collect(Collectors.toSet());
    }

    /** The checkpoint of this number, if there is one. */
    public Optional<Needs> find(long number) {
        return checkpoints.stream()
                .filter(checkpoint -> checkpoint.number() == number)
                .findFirst();
    }

    /** Exactly this checkpoint, if it is there and can be read. */
    public Optional<CheckpointMetadata> find(CheckpointId id) {
        return find(id.number()).flatMap(Needs::metadata).filter(metadata -> metadata.id()
                .equals(id));
    }
}
