package dev.cairn.checkpoint.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cairn.checkpoint.format.BaseDescription;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.store.Verdict.BadObject;
import dev.cairn.checkpoint.store.Verdict.Kind;
import dev.cairn.state.LocalStateException;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.StorageException;

/**
 * Reads everything that checkpoints of a partition need, and compares it with what they recorded. What several of them
 * share is read once. By one thread.
 */
public final class CheckpointVerifier {

    private final CheckpointStore store;
    private final Path scratch;
    private final Progress progress;
    private final Map<ObjectRef, Optional<BadObject>> seen = new HashMap<>();

    /**
     * @param scratch a local directory with room for one object, the largest
     * @param progress is told of every object
     */
    public CheckpointVerifier(CheckpointStore store, Path scratch, Progress progress) {
        this.store = store;
        this.scratch = scratch;
        this.progress = progress;
    }

    /**
     * Verifies one checkpoint.
     *
     * @throws ObjectMissingException when there is none with this number, or none any more: a running job retires them
     * @throws LocalStateException when the local disk fails
     */
    public Verdict verify(long number) {
        CheckpointMetadata metadata;
        try {
            metadata = store.read(number);
        } catch (ObjectMissingException e) {
            throw e;
        } catch (DamagedCheckpointException | StorageException e) {
            return new Verdict(number, 1, 0, List.of(bad(CheckpointPaths.metadataPath(number), e)));
        }
        List<BadObject> bad = new ArrayList<>();
        List<ObjectRef> objects = new ArrayList<>(metadata.objects());
        if (metadata.base() != null) {
            attempt(metadata.base().description().path(), () -> store.readBase(metadata.base()).files().stream()
                            .map(BaseDescription.File::object)
                            .forEach(objects::add))
                    .ifPresent(bad::add);
            objects.remove(metadata.base().description());
        }
        progress.begin("partition " + metadata.partition() + " chk-" + number, objects.size());
        for (ObjectRef object : objects) {
            seen.computeIfAbsent(object, this::compare).ifPresent(bad::add);
            progress.advance(1);
        }
        metadata.deltas().stream().filter(Delta::holdsChanges).forEach(delta -> attempt(
                        CheckpointPaths.metadataPath(number), delta::inlineChanges)
                .ifPresent(bad::add));
        if (!bad.isEmpty()) {
            // Its objects go after its _metadata: when that is gone, nothing is wrong with it.
            store.read(number);
        }
        long bytes = objects.stream().mapToLong(ObjectRef::size).sum();
        return metadata.base() == null
                ? new Verdict(number, objects.size() + 1, bytes, bad)
                : new Verdict(
                        number,
                        objects.size() + 2,
                        bytes + metadata.base().description().size(),
                        bad);
    }

    private Optional<BadObject> compare(ObjectRef object) {
        Path copy = scratch.resolve("object");
        try {
            return attempt(object.path(), () -> fetch(object, copy));
        } finally {
            delete(copy);
        }
    }

    /** A file that was damaged before it was stored has the CRC that is on record. */
    private void fetch(ObjectRef object, Path copy) {
        if (object.path().endsWith(".sst")) {
            store.fetchSorted(object, copy, bytes -> {});
        } else {
            store.fetch(object, copy, bytes -> {});
        }
    }

    private static Optional<BadObject> attempt(String path, Runnable read) {
        try {
            read.run();
            return Optional.empty();
        } catch (DamagedCheckpointException | StorageException e) {
            return Optional.of(bad(path, e));
        }
    }

    private static BadObject bad(String path, RuntimeException cause) {
        boolean unreadable = cause instanceof StorageException && !(cause instanceof ObjectMissingException);
        return new BadObject(path, unreadable ? Kind.UNREADABLE : Kind.DAMAGED, cause.getMessage());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LocalStateException("cannot delete " + file + ": " + e, e);
        }
    }
}
