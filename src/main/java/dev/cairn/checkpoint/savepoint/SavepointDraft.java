package dev.cairn.checkpoint.savepoint;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.storage.StorageException;

/** A savepoint in the making: visible once it is finished, and gone when it is closed before. By one thread. */
final class SavepointDraft implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SavepointDraft.class);

    private final SavepointStore target;
    private final String name;
    private final String version;
    private final Instant begun = Instant.now();
    private final List<Savepoint.Partition> partitions = new ArrayList<>();
    private boolean finished;

    SavepointDraft(SavepointStore target, String name, String version) {
        this.target = target;
        this.name = name;
        this.version = version;
    }

    /** Uploads a partition's files, and deletes them here. @return what a database has to ingest */
    List<Delta> upload(int partition, String uid, List<Path> files) {
        CheckpointStore store = target.files(name, partition);
        List<Delta> deltas = new ArrayList<>();
        for (Path file : files) {
            deltas.add(
                    Delta.ofFile(List.of(uid), store.upload(file.getFileName().toString(), file)));
            LocalDirectory.delete(file);
        }
        return deltas;
    }

    void add(Savepoint.Partition partition) {
        partitions.add(partition);
    }

    Savepoint finish(String job, int partitionCount) {
        Savepoint savepoint = new Savepoint(
                Savepoint.FORMAT_VERSION,
                Savepoint.KIND,
                UUID.randomUUID().toString(),
                job,
                begun,
                version,
                partitionCount,
                partitions);
        target.create(name, savepoint);
        finished = true;
        return savepoint;
    }

    @Override
    public void close() {
        if (!finished) {
            try {
                target.delete(name);
            } catch (StorageException e) {
                LOG.warnf("what there is of %s cannot be deleted: %s", target.location(name), e.getMessage());
            }
        }
    }
}
