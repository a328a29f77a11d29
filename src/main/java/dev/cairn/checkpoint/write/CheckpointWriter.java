package dev.cairn.checkpoint.write;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.Origin;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.state.Change;
import dev.cairn.state.ChangeCodec;
import dev.cairn.state.RocksResources;
import dev.cairn.state.SstFiles;

/**
 * Writes a checkpoint: sort, sorted file, upload, {@code _metadata}. Not on the loop's thread.
 */
record CheckpointWriter(
        CheckpointStore store,
        LocalDirectory local,
        RocksResources resources,
        CheckpointOptions options,
        CheckpointMetadata.Writer writtenBy,
        List<Origin> origins,
        CheckpointObserver observer) {

    /**
     * Writes the checkpoint that follows.
     *
     * @param frozen what it holds
     * @param parent what it is built on
     * @param base what its deltas build on
     * @param number the number to try first
     */
    PreparedCheckpoint write(
            FrozenPartition frozen, Optional<CheckpointMetadata> parent, Optional<Base> base, long number) {
        String uid = UUID.randomUUID().toString();
        long started = System.nanoTime();
        List<Change> changes = frozen.changes();
        changes.sort(Change.BY_KEY);
        long sorted = System.nanoTime();
        Optional<Delta> tail = base.isPresent() && !options.incremental()
                ? Optional.empty()
                : parent.flatMap(CheckpointMetadata::inlineTail);
        List<Change> carried =
                tail.map(delta -> Delta.merge(delta.inlineChanges(), changes)).orElse(changes);
        boolean inline = options.incremental() && encodedSize(carried) <= options.inlineThreshold();

        // What is carried on is in the database already; a file of its own holds it all the same, so that one file
        // serves both.
        Path sst = local.staging(uid + ".sst");
        String identity = new Identity(store.job(), store.partition(), number, uid).encode();
        SstFiles.write(sst, identity, inline ? changes : carried, resources);
        observer.reached(CheckpointStep.SST_WRITTEN, store.partition(), number);
        long written = System.nanoTime();

        List<String> covered = new ArrayList<>(tail.map(Delta::checkpoints).orElse(List.of()));
        covered.add(uid);
        Delta delta;
        if (inline) {
            delta = Delta.ofInline(covered, carried);
        } else {
            String directory = options.incremental() ? "shared/" : "chk-" + number + "/";
            delta = Delta.ofFile(covered, store.uploadSorted(directory + Delta.fileName(uid), sst));
        }
        observer.reached(CheckpointStep.UPLOADED, store.partition(), number);
        long uploaded = System.nanoTime();

        CheckpointMetadata metadata = create(new CheckpointMetadata(
                CheckpointMetadata.FORMAT_VERSION,
                store.job(),
                store.partition(),
                number,
                uid,
                parent.map(CheckpointMetadata::id).orElse(null),
                Instant.now(),
                writtenBy,
                frozen.positions(),
                frozen.states(),
                frozen.eventTime(),
                origins,
                base.or(() -> parent.map(CheckpointMetadata::base)).orElse(null),
                deltas(parent, base, tail, delta),
                new CheckpointMetadata.Durations(
                        frozen.freezeMillis(),
                        TimeUnit.NANOSECONDS.toMillis(written - started),
                        TimeUnit.NANOSECONDS.toMillis(uploaded - written))));
        observer.reached(CheckpointStep.METADATA_WRITTEN, store.partition(), metadata.number());
        return new PreparedCheckpoint(
                metadata,
                store.locationOf(metadata.number()),
                sst,
                Duration.ofNanos(sorted - started),
                Duration.ofNanos(written - sorted),
                Duration.ofNanos(System.nanoTime() - written));
    }

    private CheckpointMetadata create(CheckpointMetadata first) {
        CheckpointMetadata metadata = first;
        while (store.create(metadata) == CheckpointStore.Creation.NUMBER_TAKEN) {
            metadata =
                    metadata.withNumber(Math.max(metadata.number(), store.list().highestNumber()) + 1);
        }
        return metadata;
    }

    private static List<Delta> deltas(
            Optional<CheckpointMetadata> parent, Optional<Base> base, Optional<Delta> tail, Delta delta) {
        List<Delta> deltas = new ArrayList<>(
                base.isPresent()
                        ? parent.map(on -> on.deltasOn(base.get())).orElse(List.of())
                        : parent.map(CheckpointMetadata::deltas).orElse(List.of()));
        tail.ifPresent(deltas::remove);
        deltas.add(delta);
        return deltas;
    }

    private static long encodedSize(List<Change> changes) {
        long size = 0;
        for (Change change : changes) {
            size += ChangeCodec.encodedSize(change);
        }
        return size;
    }
}
