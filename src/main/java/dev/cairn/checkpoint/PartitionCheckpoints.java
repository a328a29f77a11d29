package dev.cairn.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.jboss.logging.Logger;

import dev.cairn.state.DatabaseFile;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.storage.StorageException;

/**
 * The checkpoints of one partition, as the loop that owns it goes on with them: prepare, take in once committed, or
 * abandon.
 *
 * <p>These are called by one thread, one after the other; the {@link CheckpointJanitor} and base uploads run beside them.
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
    private final BaseBuilder bases;

    /** What the database holds before the first checkpoint, where it was copied from elsewhere. */
    private final Optional<CheckpointId> copiedFrom;

    /** Which deltas the database's files are, as far as it is known. */
    private final Map<String, ObjectRef> deltaFiles;

    /** Checkpoints committed since the restore, newest first, and the one restored. */
    private List<CheckpointMetadata> committed;

    private List<CheckpointMetadata> abandoned = new ArrayList<>();
    private CheckpointMetadata inFlight;
    private PendingBase pendingBase;
    private BuiltBase readyBase;
    private BuiltBase currentBase;
    private long nextNumber;
    private boolean buildingBase;
    private boolean marked;
    private boolean closed;

    PartitionCheckpoints(
            int partition,
            CheckpointStore store,
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
        this.bases = new BaseBuilder(store);
        this.deltaFiles = new HashMap<>(restored.deltaFiles());
        this.copiedFrom = restored.checkpoint().isPresent()
                ? Optional.empty()
                : restored.content().map(CheckpointMetadata::id);
        this.currentBase = restored.base().orElse(null);
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
     * Writes a checkpoint of what was frozen: afterwards it is whole in the store, and nobody knows.
     *
     * @throws StorageException when the store fails
     */
    public PreparedCheckpoint prepare(FrozenPartition frozen) {
        Optional<CheckpointMetadata> parent = committed();
        Optional<CheckpointId> at = parent.map(CheckpointMetadata::id).or(() -> copiedFrom);
        if (options.incremental()
                && parent.isEmpty()
                && at.isPresent()
                && readyBase().isEmpty()) {
            // Nothing of what it was copied from may be needed any more.
            BuiltBase own = build(at.get(), "shared/");
            synchronized (this) {
                readyBase = own;
            }
        }
        Optional<Base> base = options.incremental()
                ? readyBase().map(BuiltBase::base)
                : at.map(id -> build(id, "chk-" + nextNumber() + "/").base());
        PreparedCheckpoint prepared = writer.write(frozen, parent, base, nextNumber());
        synchronized (this) {
            inFlight = prepared.metadata();
            nextNumber = inFlight.number() + 1;
        }
        return prepared;
    }

    /**
     * Takes a committed checkpoint into the database.
     *
     * @throws dev.cairn.state.LocalStateException when the disk fails: nothing has changed, and it may be called again
     */
    public void takeIn(PreparedCheckpoint prepared) {
        CheckpointMetadata metadata = prepared.metadata();
        Map<String, String> names = database.ingest(List.of(prepared.delta()));
        observer.reached(CheckpointStep.INGESTED, partition, metadata.number());
        synchronized (this) {
            Delta delta = metadata.lastDelta();
            if (!delta.holdsChanges()) {
                names.values().forEach(name -> deltaFiles.put(name, delta.file()));
            }
            if (readyBase != null && readyBase.base().equals(metadata.base())) {
                currentBase = readyBase;
                readyBase = null;
            }
            List<CheckpointMetadata> longer = new ArrayList<>(committed.size() + 1);
            longer.add(metadata);
            longer.addAll(committed);
            committed = longer;
            inFlight = null;
            marked = false;
        }
        linkBaseIfDue(metadata);
    }

    /** The database cannot take in what is committed: the next start restores from the store instead. */
    public void condemnLocal() {
        local.condemn();
    }

    /** A checkpoint that will not be committed: its objects go with the next tidying. */
    public synchronized void abandon(PreparedCheckpoint prepared) {
        abandoned.add(prepared.metadata());
        inFlight = null;
    }

    /**
     * Deletes what retained checkpoints no longer need, as long as the lease holds. Beside everything else, on one thread
     * at a time.
     *
     * @throws StorageException when the store fails; what is left goes the next time
     */
    public void tidy(Lease lease) {
        janitor.tidy(this, lease);
    }

    /**
     * Deletes every checkpoint of the partition, as long as the lease holds: nobody names them any more, or ever will.
     *
     * @throws StorageException when the store fails
     */
    public void deleteAll(Lease lease) {
        janitor.deleteAll(lease);
    }

    /**
     * Marks the last committed checkpoint as committed, for the case that no later one will name it as its parent.
     *
     * @throws StorageException when the store fails
     */
    public void markCommitted() {
        janitor.markNewest(this);
    }

    /** Uploads a base, if one is due. Beside everything else, on any one thread. */
    public void buildBaseIfDue() {
        PendingBase pending;
        synchronized (this) {
            if (closed || pendingBase == null || buildingBase) {
                return;
            }
            buildingBase = true;
            pending = pendingBase;
        }
        try {
            BuiltBase built = bases.build(pending.at(), pending.links(), pending.files(), pending.known(), "shared/");
            synchronized (this) {
                pendingBase = null;
                buildingBase = false;
                if (!closed) {
                    readyBase = built;
                    deltaFiles.keySet().retainAll(built.files().keySet());
                    LOG.infof(
                            "partition %d: the next checkpoint builds on a new base of %d files, %d bytes, made at %s",
                            partition, built.files().size(), built.base().bytes(), pending.at());
                    return;
                }
            }
            bases.discard(built.uploaded());
        } catch (RuntimeException e) {
            LOG.warnf("partition %d: no new base this time, checkpoints go on without: %s", partition, e.getMessage());
            synchronized (this) {
                pendingBase = null;
                buildingBase = false;
            }
        }
    }

    /**
     * For a loop that ends: closes this, and deletes a base that no checkpoint has come to build on, as long as the lease
     * holds. Whoever goes on from here builds one of its own.
     *
     * @throws StorageException when the store fails
     */
    public void closeForGood(Lease lease) {
        BuiltBase unused;
        synchronized (this) {
            closed = true;
            unused = readyBase;
            readyBase = null;
        }
        if (unused != null && lease.holds()) {
            bases.discard(unused.uploaded());
        }
    }

    /** Nothing is started any more, and the janitor stops. The database is closed by whoever opened it. */
    public synchronized void close() {
        closed = true;
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
        if (pendingBase != null) {
            pendingBase.known().values().forEach(object -> inUse.add(object.path()));
        }
        if (readyBase != null) {
            readyBase.files().values().forEach(object -> inUse.add(object.path()));
            inUse.add(readyBase.base().description().path());
        }
        return new Holdings(committed, List.copyOf(abandoned), alive, inUse, marked);
    }

    /** Forgets checkpoints that are gone from the store. */
    synchronized void forget(List<CheckpointMetadata> gone) {
        List<CheckpointMetadata> left = new ArrayList<>(committed);
        left.removeAll(gone);
        committed = List.copyOf(left);
        abandoned.removeAll(gone);
    }

    /** Committed checkpoints from before the restore, found in the store. */
    synchronized void remember(List<CheckpointMetadata> older) {
        List<CheckpointMetadata> all = new ArrayList<>(committed);
        all.addAll(older);
        committed = List.copyOf(all);
    }

    synchronized void marked(CheckpointMetadata checkpoint) {
        marked = !committed.isEmpty() && committed.get(0).equals(checkpoint);
    }

    /**
     * What there is of a partition's checkpoints.
     *
     * @param committed newest first
     * @param abandoned written, but never to be committed
     * @param alive being written
     * @param inUse paths of objects that a base in the making or just made needs
     * @param newestIsMarked whether the newest committed one is marked in the store
     */
    record Holdings(
            List<CheckpointMetadata> committed,
            List<CheckpointMetadata> abandoned,
            List<CheckpointMetadata> alive,
            Set<String> inUse,
            boolean newestIsMarked) {}

    private synchronized Optional<BuiltBase> readyBase() {
        return Optional.ofNullable(readyBase);
    }

    /** All of the database, shared with nothing. */
    private BuiltBase build(CheckpointId at, String directory) {
        PendingBase pending = link(at, Map.of());
        return bases.build(pending.at(), pending.links(), pending.files(), Map.of(), directory);
    }

    private void linkBaseIfDue(CheckpointMetadata checkpoint) {
        synchronized (this) {
            if (!options.incremental() || pendingBase != null || readyBase != null || !BasePolicy.isDue(checkpoint)) {
                return;
            }
        }
        PendingBase linked = link(checkpoint.id(), filesOf(checkpoint));
        synchronized (this) {
            pendingBase = linked;
        }
    }

    /** Files that this checkpoint references; that the store has an object is not enough, somebody may yet delete it. */
    private synchronized Map<String, ObjectRef> filesOf(CheckpointMetadata checkpoint) {
        Map<String, ObjectRef> files = new HashMap<>(deltaFiles);
        files.values().retainAll(checkpoint.objects());
        if (currentBase != null && currentBase.base().equals(checkpoint.base())) {
            files.putAll(currentBase.files());
        }
        return files;
    }

    private PendingBase link(CheckpointId at, Map<String, ObjectRef> known) {
        Path links = local.staging("base-" + UUID.randomUUID());
        List<DatabaseFile> files = database.linkTo(links);
        return new PendingBase(at, links, files, known);
    }

    private record PendingBase(CheckpointId at, Path links, List<DatabaseFile> files, Map<String, ObjectRef> known) {}
}
