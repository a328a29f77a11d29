package dev.cairn.checkpoint.write;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.protocol.Retention;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.storage.ObjectStore;

/**
 * Decides which objects of a partition go; {@link CleanUp} deletes them. What cannot be read is kept, with everything that it
 * may need. By one thread at a time, apart from {@link #markNewest}.
 */
final class CheckpointJanitor {

    private final int partition;
    private final CheckpointStore store;
    private final CheckpointObserver observer;
    private final int retained;
    private final KnownCheckpoints known;
    private final Stocktaking stocktaking;
    private final StrangerSearch search;
    private Optional<Claim> claim;

    /** Paths that go as soon as none of the checkpoints that are there needs them. */
    private final Set<String> condemned = new TreeSet<>();

    private boolean stockTaken;

    /**
     * @param retained how many known checkpoints are kept
     * @param restored what the partition continues from
     * @param listing what the store held then
     * @param claim whose it is what the partition was started from
     * @param spared checkpoints that are not this job's to judge; they stay, with all that they need
     */
    CheckpointJanitor(
            int partition,
            CheckpointStore store,
            CheckpointObserver observer,
            int retained,
            Optional<CheckpointMetadata> restored,
            CheckpointStore.Listing listing,
            Optional<Claim> claim,
            Predicate<CheckpointMetadata> spared) {
        this.partition = partition;
        this.store = store;
        this.observer = observer;
        this.retained = retained;
        this.claim = claim;
        this.known = new KnownCheckpoints(partition, store, restored, spared);
        this.stocktaking = new Stocktaking(partition, restored, listing, retained);
        this.search = new StrangerSearch(partition, store, listing.passedOver(), known);
    }

    /**
     * A checkpoint that goes.
     *
     * @param number its number
     * @param metadata what it is; {@code null} where that cannot be read
     */
    record Retiree(long number, CheckpointMetadata metadata) {

        String path() {
            return CheckpointPaths.metadataPath(number);
        }
    }

    /** Marks the newest checkpoint as committed, for the case that no later one will name it as its parent. */
    void markNewest(PartitionCheckpoints checkpoints) {
        Optional<CheckpointMetadata> newest = checkpoints.committed();
        if (newest.isPresent() && checkpoints.needsMark()) {
            mark(newest.get().number());
            checkpoints.marked(newest.get());
        }
    }

    private void mark(long number) {
        // First: it may be there although the answer is lost.
        known.marked.add(number);
        store.markCommitted(number);
    }

    /**
     * Finds the checkpoints that go, in this order.
     *
     * @throws dev.cairn.storage.StorageException when the store fails: to be called again after the next commit
     */
    List<Retiree> retirees(PartitionCheckpoints checkpoints, Lease lease) {
        if (checkpoints.committed().isEmpty()) {
            return List.of();
        }
        takeStock();
        condemned.addAll(search.look(checkpoints, condemned));
        markWhatNothingProves(checkpoints);
        if (claim.filter(Claim.Owned.class::isInstance).isPresent() && lease.holds()) {
            claim.get().settle();
            claim = Optional.empty();
        }
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        Map<Long, CheckpointMetadata> committed = new HashMap<>(known.older);
        holdings.committed().forEach(checkpoint -> committed.put(checkpoint.number(), checkpoint));
        Set<Long> numbers = new HashSet<>(committed.keySet());
        numbers.addAll(known.unreadable);
        List<Retiree> retirees = new ArrayList<>();
        Stream.of(known.garbage.values(), holdings.refuted())
                .flatMap(Collection::stream)
                .forEach(checkpoint -> retirees.add(new Retiree(checkpoint.number(), checkpoint)));
        Retention.retired(
                        numbers,
                        holdings.committed().get(0),
                        retained,
                        holdings.newestIsMarked(),
                        claim.flatMap(Claim::borrowed))
                .forEach(number -> retirees.add(new Retiree(number, committed.get(number))));
        return retirees;
    }

    /** The {@code _metadata} of a checkpoint is gone. */
    void retired(Retiree gone, PartitionCheckpoints checkpoints) {
        if (gone.metadata() != null) {
            condemned.addAll(known.objectsOf(gone.metadata()));
            checkpoints.forget(gone.metadata());
        }
        if (known.marked.remove(gone.number())) {
            condemned.add(CheckpointPaths.markerPath(gone.number()));
        }
        known.forget(gone.number());
        deleted(gone.path(), checkpoints);
    }

    /** The objects that nothing needs, once all the checkpoints that go are gone: as many as one request deletes. */
    List<String> files(PartitionCheckpoints checkpoints) {
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        List<CheckpointMetadata> present = known.with(holdings);
        known.keepBasesOf(present);
        if (!known.unreadable.isEmpty() || !present.stream().allMatch(known::knowsObjectsOf)) {
            return List.of();
        }
        Set<String> needed = new HashSet<>(holdings.inUse());
        present.forEach(checkpoint -> needed.addAll(known.objectsOf(checkpoint)));
        return condemned.stream()
                .filter(path -> !needed.contains(path))
                .limit(ObjectStore.DELETIONS_PER_REQUEST)
                .toList();
    }

    /** An object is gone. */
    void deleted(String path, PartitionCheckpoints checkpoints) {
        condemned.remove(path);
        observer.reached(
                CheckpointStep.OBJECT_DELETED,
                partition,
                checkpoints.committed().map(CheckpointMetadata::number).orElse(0L));
    }

    /** For tests: lets it look for objects that are not its own after so many commits. */
    void lookAfter(int commits) {
        search.lookAfter(commits);
    }

    /** Where an object is in the store. */
    String key(String path) {
        return store.key(path);
    }

    /** Once, after the first commit: until then nothing proves that the partition is this worker's. */
    private void takeStock() {
        if (!stockTaken) {
            Optional<Long> borrowed = claim.flatMap(Claim::borrowed);
            Stocktaking.Result result = stocktaking.judge(known, borrowed);
            result.toMark().forEach(this::mark);
            stocktaking.note(result, known, borrowed);
            condemned.addAll(result.unneeded());
            stockTaken = true;
        }
    }

    /**
     * The first checkpoint of all would look like that of a job which died before it committed any. One that does not follow
     * the newest, because the partition went back, would look older than what it replaces.
     */
    private void markWhatNothingProves(PartitionCheckpoints checkpoints) {
        CheckpointId parent = checkpoints.committed().orElseThrow().parent();
        boolean wentBack = parent != null && known.older.keySet().stream().anyMatch(number -> number > parent.number());
        if (parent == null || wentBack) {
            markNewest(checkpoints);
        }
    }
}
