package dev.cairn.checkpoint.write;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;

/** What the owner of a partition knows of the checkpoints that it has found in the store. By one thread, but {@link #marked}. */
final class KnownCheckpoints {

    private static final Logger LOG = Logger.getLogger(CheckpointJanitor.class);

    /** Committed before the partition was started, by number, apart from the restored one. */
    final Map<Long, CheckpointMetadata> older = new TreeMap<>();

    /** Never committed, by number. */
    final Map<Long, CheckpointMetadata> garbage = new TreeMap<>();

    /** Not this job's to judge, by number. */
    final Map<Long, CheckpointMetadata> spared = new TreeMap<>();

    /** Numbers of those whose {@code _metadata} cannot be read. */
    final Set<Long> unreadable = new TreeSet<>();

    /** Numbers of those that carry the mark. From any thread. */
    final Set<Long> marked = ConcurrentHashMap.newKeySet();

    private final int partition;
    private final CheckpointStore store;
    private final Optional<CheckpointMetadata> restored;
    private final Predicate<CheckpointMetadata> isSpared;
    private final Map<String, Set<String>> baseFiles = new HashMap<>();
    private final Set<String> warned = new HashSet<>();

    /**
     * @param restored what the partition continues from
     * @param isSpared which checkpoints are not this job's to judge
     */
    KnownCheckpoints(
            int partition,
            CheckpointStore store,
            Optional<CheckpointMetadata> restored,
            Predicate<CheckpointMetadata> isSpared) {
        this.partition = partition;
        this.store = store;
        this.restored = restored;
        this.isSpared = isSpared;
    }

    /** Reads one. Nothing if it was retired since it was listed, or is spared, which is noted. */
    Optional<FoundCheckpoint> judged(long number) {
        Optional<FoundCheckpoint> found = read(number);
        if (found.orElse(null) instanceof FoundCheckpoint.Legible legible && isSpared.test(legible.metadata())) {
            spared.put(number, legible.metadata());
            return Optional.empty();
        }
        return found;
    }

    private Optional<FoundCheckpoint> read(long number) {
        CommitProof proof = marked.contains(number) ? CommitProof.MARKED : CommitProof.NONE;
        try {
            CheckpointMetadata metadata = restored.filter(checkpoint -> checkpoint.number() == number)
                    .orElseGet(() -> store.read(number));
            return Optional.of(new FoundCheckpoint.Legible(metadata, proof));
        } catch (DamagedCheckpointException e) {
            warnOnce(e.getMessage());
            return Optional.of(new FoundCheckpoint.Damaged(number, proof, e.getMessage()));
        } catch (ObjectMissingException e) {
            return Optional.empty();
        }
    }

    /** These, and those that the partition has written itself. */
    List<CheckpointMetadata> with(PartitionCheckpoints.Holdings holdings) {
        return Stream.of(
                        holdings.committed(),
                        holdings.alive(),
                        holdings.refuted(),
                        older.values(),
                        garbage.values(),
                        spared.values())
                .flatMap(Collection::stream)
                .toList();
    }

    /** The objects of a checkpoint that others may share, as far as they are known. */
    Set<String> objectsOf(CheckpointMetadata checkpoint) {
        Set<String> paths = new HashSet<>(filesOf(checkpoint).orElse(Set.of()));
        checkpoint.objects().forEach(object -> paths.add(object.path()));
        return paths;
    }

    /** Whether all objects of a checkpoint are known: its base's description can be read. */
    boolean knowsObjectsOf(CheckpointMetadata checkpoint) {
        return filesOf(checkpoint).isPresent();
    }

    private Optional<Set<String>> filesOf(CheckpointMetadata checkpoint) {
        Base base = checkpoint.base();
        if (base == null) {
            return Optional.of(Set.of());
        }
        String description = base.description().path();
        Set<String> files = baseFiles.get(description);
        if (files == null) {
            try {
                files = store.readBase(base).files().stream()
                        .map(file -> file.object().path())
                        .collect(Collectors.toSet());
            } catch (DamagedCheckpointException e) {
                warnOnce(e.getMessage());
                return Optional.empty();
            }
            baseFiles.put(description, files);
        }
        return Optional.of(files);
    }

    /** Forgets the bases of all others. */
    void keepBasesOf(List<CheckpointMetadata> checkpoints) {
        baseFiles
                .keySet()
                .retainAll(checkpoints.stream()
                        .filter(checkpoint -> checkpoint.base() != null)
                        .map(checkpoint -> checkpoint.base().description().path())
                        .collect(Collectors.toSet()));
    }

    /** The {@code _metadata} of one is gone. */
    void forget(long number) {
        older.remove(number);
        garbage.remove(number);
        unreadable.remove(number);
    }

    /** The objects of a checkpoint that are only its own. */
    static List<String> namesOf(long number) {
        return List.of(CheckpointPaths.metadataPath(number), CheckpointPaths.markerPath(number));
    }

    void reportSpared() {
        LOG.infof(
                "partition %s: %s checkpoints of another Kafka cluster are not deleted, the newest is chk-%s. Remove them"
                        + " with cairn checkpoints delete --force once that cluster does not need them any more",
                partition, spared.size(), Collections.max(spared.keySet()));
    }

    private void warnOnce(String cause) {
        if (warned.add(cause)) {
            LOG.warnf(
                    "partition %s: %s. What it needs is not known, so that no file of the partition is deleted until the"
                            + " object is back or newer checkpoints have taken its place",
                    partition, Clause.of(cause));
        }
    }
}
