package dev.cairn.checkpoint.write;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.DatabaseFile;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.storage.StorageException;

/**
 * The bases of one partition: linked when one is due and it is the partition's turn, uploaded in the background, and built on
 * by the next checkpoint. A base can always wait, so nothing that fails here stops a checkpoint.
 *
 * <p>Thread-safe. The monitor never covers I/O.
 */
final class PartitionBases {

    private static final Logger LOG = Logger.getLogger(PartitionBases.class);

    private final int partition;
    private final LocalDirectory local;
    private final PartitionDatabase database;
    private final CheckpointStore store;
    private final BaseBuilder prompt;
    private final BaseBuilder patient;
    private final BaseTurns turns;

    private Pending pending;
    private BuiltBase ready;
    private boolean building;
    private boolean closed;

    /** A database at a checkpoint, linked. */
    private record Pending(CheckpointMetadata at, Path links, List<DatabaseFile> files) {}

    /** @param background the same store for work that can wait */
    PartitionBases(
            int partition,
            LocalDirectory local,
            PartitionDatabase database,
            CheckpointStore store,
            CheckpointStore background,
            BaseTurns turns) {
        this.partition = partition;
        this.local = local;
        this.database = database;
        this.store = background;
        this.prompt = new BaseBuilder(store);
        this.patient = new BaseBuilder(background);
        this.turns = turns;
    }

    /** What the next checkpoint can build on. */
    synchronized Optional<BuiltBase> ready() {
        return Optional.ofNullable(ready);
    }

    /** The next checkpoint can build on this. */
    synchronized void offer(BuiltBase built) {
        ready = built;
    }

    /**
     * Uploads all of the database, shared with nothing, because a checkpoint cannot be without it.
     *
     * @throws DamagedDatabaseException when the database is damaged
     * @throws StorageException when the store fails
     */
    BuiltBase buildNow(CheckpointId at, String directory) {
        Path links = links();
        return prompt.build(at, links, database.linkTo(links), StoredFiles.NONE, directory);
    }

    /** Links the database, which is at this checkpoint, if a base is due and there is a turn for it. */
    void linkIfDue(CheckpointMetadata at) {
        synchronized (this) {
            if (closed || pending != null || ready != null || !BasePolicy.isDue(at) || !turns.begin()) {
                return;
            }
        }
        try {
            Path links = links();
            Pending linked = new Pending(at, links, database.linkTo(links));
            synchronized (this) {
                pending = linked;
            }
        } catch (LocalStateException e) {
            turns.end();
            LOG.warnf(
                    "partition %s: cannot link a base, will retry at the next checkpoint: %s",
                    partition, e.getMessage());
        }
    }

    /**
     * Uploads what was linked. On any one thread that can wait.
     *
     * @throws DamagedDatabaseException when the database is damaged; there is no base then
     */
    void buildIfLinked() {
        Pending linked;
        synchronized (this) {
            if (closed || pending == null || building) {
                return;
            }
            building = true;
            linked = pending;
        }
        BuiltBase built;
        try {
            StoredFiles stored = StoredFiles.of(linked.at(), store);
            built = patient.build(linked.at().id(), linked.links(), linked.files(), stored, "shared/");
        } catch (RuntimeException | Error e) {
            endTurn();
            throw e;
        }
        if (end(built)) {
            LOG.infof(
                    "partition %s: the next checkpoint builds on a new base of %s files, %s bytes, made at %s",
                    partition,
                    built.files().size(),
                    built.base().bytes(),
                    linked.at().id());
        } else {
            patient.discard(built.uploaded());
        }
    }

    private synchronized void endTurn() {
        pending = null;
        building = false;
        turns.end();
    }

    /** @return whether it will be used */
    private synchronized boolean end(BuiltBase built) {
        endTurn();
        if (!closed) {
            ready = built;
        }
        return !closed;
    }

    /** A checkpoint was committed; it may build on what was ready. */
    synchronized void committed(CheckpointMetadata checkpoint) {
        if (ready != null && ready.base().equals(checkpoint.base())) {
            ready = null;
        }
    }

    /**
     * Adds what must stay in the store for the sake of a base that no checkpoint names yet.
     *
     * @return whether objects of one are being uploaded, which must stay, too
     */
    synchronized boolean addTo(List<CheckpointMetadata> alive, Set<String> inUse) {
        if (pending != null) {
            alive.add(pending.at());
        }
        if (ready != null) {
            ready.files().forEach(object -> inUse.add(object.path()));
            inUse.add(ready.base().description().path());
        }
        return building;
    }

    /** Nothing is begun any more. What is being built is discarded by its builder. */
    synchronized void close() {
        if (!closed && pending != null && !building) {
            pending = null;
            turns.end();
        }
        closed = true;
    }

    /**
     * Deletes a base that no checkpoint has come to build on.
     *
     * @throws StorageException when the store fails
     */
    void discardUnused(Lease lease) {
        BuiltBase unused;
        synchronized (this) {
            unused = ready;
            ready = null;
        }
        if (unused != null && lease.holds()) {
            patient.discard(unused.uploaded());
        }
    }

    private Path links() {
        return local.staging("base-" + UUID.randomUUID());
    }
}
