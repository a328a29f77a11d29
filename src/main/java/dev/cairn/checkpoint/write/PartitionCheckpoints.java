package dev.cairn.checkpoint.write;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.storage.StorageException;

/**
 * The checkpoints of one partition, as the loop that owns it handles them: prepare, ingest once committed, or
 * abandon.
 *
 * <p>These are called by one thread at a time, apart from {@link #prepare} of a checkpoint that was given up and has not
 * returned yet; the {@link CheckpointJanitor} and base uploads run concurrently.
 * The monitor guards what they share, and never covers I/O.
 */
public final class PartitionCheckpoints {

    private static final Logger LOG = Logger.getLogger(PartitionCheckpoints.class);

    private final int partition;
    private final LocalDirectory local;
    private final PartitionDatabase database;
    private final CheckpointWriter writer;
    private final CheckpointJanitor janitor;
    private final CheckpointOptions options;
    private final CheckpointObserver observer;
    private final PartitionBases bases;

    /** What the database holds before the first checkpoint, where it was copied from elsewhere. */
    private final Optional<CheckpointId> copiedFrom;

    /** Checkpoints committed since the restore, newest first, and the one restored. */
    private List<CheckpointMetadata> committed;

    /** Held while a checkpoint is written, which a next one may have to wait for. */
    private final ReentrantLock preparing = new ReentrantLock();

    /** Will not be committed, as far as this worker has a say. */
    private final List<CheckpointMetadata> abandoned = new ArrayList<>();

    /** Abandoned before a commit that the group has accepted since: they are committed never. */
    private final List<CheckpointMetadata> refuted = new ArrayList<>();

    private CheckpointMetadata inFlight;
    private volatile LocalStateException damage;
    private long nextNumber;
    private boolean marked;
    private boolean closed;

    PartitionCheckpoints(
            int partition,
            PartitionBases bases,
            LocalDirectory local,
            Restored restored,
            CheckpointWriter writer,
            CheckpointJanitor janitor,
            CheckpointOptions options,
            CheckpointObserver observer) {
        this.partition = partition;
        this.local = local;
        this.database = restored.database();
        this.writer = writer;
        this.janitor = janitor;
        this.options = options;
        this.observer = observer;
        this.bases = bases;
        this.copiedFrom = restored.checkpoint().isPresent()
                ? Optional.empty()
                : restored.content().map(CheckpointMetadata::id);
        this.committed = restored.checkpoint().map(List::of).orElse(List.of());
        this.nextNumber = restored.listing().highestNumber() + 1;
    }

    /** The last committed checkpoint, if there is one. */
    public synchronized Optional<CheckpointMetadata> committed() {
        return committed.stream().findFirst();
    }

    /** The number that the next checkpoint tries first. */
    public synchronized long nextNumber() {
        return nextNumber;
    }

    /**
     * Writes a checkpoint of what was frozen: afterwards it is whole in the store, and no one knows of it. What it holds is
     * on the heap, so a damaged database does not stop it where there is a checkpoint to build on. It begins when one that was
     * given up, but still writes, has ended. An interrupt ends it with the next step that touches the store.
     *
     * @throws StorageException when the store fails
     * @throws DamagedDatabaseException when it needs all of the database, which is damaged
     */
    public PreparedCheckpoint prepare(FrozenPartition frozen) {
        try {
            preparing.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("partition " + partition + ": the checkpoint was given up", e);
        }
        try {
            return prepareAlone(frozen);
        } finally {
            preparing.unlock();
        }
    }

    private PreparedCheckpoint prepareAlone(FrozenPartition frozen) {
        Optional<CheckpointMetadata> parent = committed();
        PreparedCheckpoint prepared = writer.write(frozen, parent, baseFor(parent), nextNumber());
        synchronized (this) {
            inFlight = prepared.metadata();
            nextNumber = Math.max(nextNumber, inFlight.number() + 1);
        }
        return prepared;
    }

    private Optional<Base> baseFor(Optional<CheckpointMetadata> parent) {
        Optional<CheckpointId> at = parent.map(CheckpointMetadata::id).or(() -> copiedFrom);
        if (!options.incremental()) {
            return at.flatMap(id -> wholeBase(id, parent.isPresent()));
        }
        if (parent.isEmpty() && at.isPresent() && bases.ready().isEmpty()) {
            // Nothing of what it was copied from may be needed any more.
            try {
                bases.offer(bases.buildNow(at.get(), "shared/"));
            } catch (DamagedDatabaseException e) {
                damaged(e);
                throw e;
            }
        }
        return bases.ready().map(BuiltBase::base);
    }

    /** All files of the database for one checkpoint. Nothing when it is damaged and the parent's files can serve instead. */
    private Optional<Base> wholeBase(CheckpointId at, boolean hasParent) {
        if (hasParent && damage != null) {
            return Optional.empty();
        }
        try {
            return Optional.of(bases.buildNow(at, "chk-" + nextNumber() + "/").base());
        } catch (LocalStateException e) {
            if (e instanceof DamagedDatabaseException) {
                damaged(e);
            }
            if (!hasParent) {
                throw e;
            }
            LOG.warnf(
                    "partition %s: cannot store the whole database, the checkpoint shares the files of %s: %s",
                    partition, at, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Ingests a committed checkpoint into the database. A database that is known to be damaged is left as it is.
     *
     * @return whether the database is at the checkpoint now
     * @throws LocalStateException when the disk fails: nothing has changed, and it may be called again
     */
    public boolean takeIn(PreparedCheckpoint prepared) {
        if (damage != null) {
            leaveOut(prepared, damage);
            return false;
        }
        CheckpointMetadata metadata = prepared.metadata();
        database.ingest(List.of(prepared.delta()));
        observer.reached(CheckpointStep.INGESTED, partition, metadata.number());
        committed(metadata);
        if (options.incremental()) {
            bases.linkIfDue(metadata);
        }
        return true;
    }

    /** What is committed cannot be ingested: the database is given up, and the next start restores from the store. */
    public void leaveOut(PreparedCheckpoint prepared, LocalStateException cause) {
        damaged(cause);
        local.condemn();
        committed(prepared.metadata());
    }

    private synchronized void committed(CheckpointMetadata metadata) {
        bases.committed(metadata);
        List<CheckpointMetadata> longer = new ArrayList<>(committed.size() + 1);
        longer.add(metadata);
        longer.addAll(committed);
        committed = longer;
        refuted.addAll(abandoned);
        abandoned.clear();
        inFlight = null;
        marked = false;
    }

    /**
     * The database turned out to be damaged. What it holds is in the store, and what was not committed yet is on the heap;
     * it must not be read or uploaded any more. From any thread.
     */
    public synchronized void damaged(LocalStateException cause) {
        if (damage == null) {
            damage = cause;
        }
    }

    /** Why the database cannot be used any more, if so. From any thread. */
    public Optional<LocalStateException> damage() {
        return Optional.ofNullable(damage);
    }

    /** A checkpoint that will not be committed: its objects go once a later one is. */
    public synchronized void abandon(PreparedCheckpoint prepared) {
        abandoned.add(prepared.metadata());
        if (prepared.metadata().equals(inFlight)) {
            inFlight = null;
        }
    }

    /**
     * Marks the last committed checkpoint as committed, for the case that no later one will name it as its parent.
     *
     * @throws StorageException when the store fails
     */
    void markCommitted() {
        janitor.markNewest(this);
    }

    /** Whether a mark would say anything new. */
    synchronized boolean needsMark() {
        return !closed && !marked && !committed.isEmpty();
    }

    /** Decides what goes. */
    CheckpointJanitor janitor() {
        return janitor;
    }

    /** Uploads a base, if one was linked. In the background, on any one thread. */
    public void buildBaseIfDue() {
        try {
            bases.buildIfLinked();
        } catch (DamagedDatabaseException e) {
            damaged(e);
        } catch (RuntimeException e) {
            LOG.warnf(
                    "partition %s: cannot build a base, will retry after one of the next checkpoints: %s",
                    partition, e.getMessage());
        }
    }

    /**
     * For a loop that ends: closes this, and deletes a base that no checkpoint has come to build on, as long as the lease
     * holds. A caller that continues from here builds one of its own.
     *
     * @throws StorageException when the store fails
     */
    void closeForGood(Lease lease) {
        boolean mayBeNamed;
        synchronized (this) {
            close();
            // One that was abandoned last may name it, and it is for the group to say whether it is committed.
            mayBeNamed = inFlight != null || !abandoned.isEmpty();
        }
        if (!mayBeNamed) {
            bases.discardUnused(lease);
        }
    }

    /** Nothing is started any more, and the janitor stops. The database is closed by its opener. */
    public synchronized void close() {
        closed = true;
        bases.close();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** What the janitor needs to know, as of now. */
    synchronized Holdings holdings() {
        Set<String> inUse = new HashSet<>();
        List<CheckpointMetadata> alive = new ArrayList<>();
        if (inFlight != null) {
            alive.add(inFlight);
        }
        alive.addAll(abandoned);
        boolean buildingBase = bases.addTo(alive, inUse);
        return new Holdings(committed, List.copyOf(refuted), alive, inUse, marked, buildingBase);
    }

    /** Forgets a checkpoint that is gone from the store. */
    synchronized void forget(CheckpointMetadata gone) {
        List<CheckpointMetadata> left = new ArrayList<>(committed);
        left.remove(gone);
        committed = List.copyOf(left);
        refuted.remove(gone);
    }

    synchronized void marked(CheckpointMetadata checkpoint) {
        marked = !committed.isEmpty() && committed.get(0).equals(checkpoint);
    }

    /**
     * What there is of a partition's checkpoints.
     *
     * @param committed newest first, the one restored last
     * @param refuted written, and committed never
     * @param alive being written, or written and perhaps committed
     * @param inUse paths of objects that a base in the making or just made needs
     * @param newestIsMarked whether the newest committed one is marked in the store
     * @param buildingBase whether objects of a base are being uploaded
     */
    record Holdings(
            List<CheckpointMetadata> committed,
            List<CheckpointMetadata> refuted,
            List<CheckpointMetadata> alive,
            Set<String> inUse,
            boolean newestIsMarked,
            boolean buildingBase) {}
}
