package dev.cairn.checkpoint.write;

import java.util.ArrayList;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.Retention;
import dev.cairn.checkpoint.protocol.Stock;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.names.SettingNames;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/**
 * Decides which objects of a partition go; {@link CleanUp} deletes them. What cannot be read is kept, with everything that it
 * may need. By one thread at a time, apart from {@link #markNewest}.
 */
final class CheckpointJanitor {

    private static final Logger LOG = Logger.getLogger(CheckpointJanitor.class);

    /** How many commits lie between two looks at the directory. */
    static final int COMMITS_BETWEEN_LOOKS = 100;

    private final int partition;
    private final CheckpointStore store;
    private final CheckpointObserver observer;
    private final int retained;
    private final Optional<CheckpointMetadata> restored;
    private final CheckpointStore.Listing listing;
    private final Map<String, Set<String>> baseFiles = new HashMap<>();
    private final Set<String> warned = new HashSet<>();
    private final Predicate<CheckpointMetadata> spared;

    /** Spared, by number. */
    private final Map<Long, CheckpointMetadata> sparedFound = new TreeMap<>();

    private Optional<Claim> claim;

    /** Committed before the partition was started, by number, apart from the restored one. */
    private final Map<Long, CheckpointMetadata> older = new TreeMap<>();

    /** Never committed, by number. */
    private final Map<Long, CheckpointMetadata> garbage = new TreeMap<>();

    private final Set<Long> unreadable = new TreeSet<>();
    private final Set<Long> marked = ConcurrentHashMap.newKeySet();

    /** Paths that go as soon as none of the checkpoints that are there needs them. */
    private final Set<String> condemned = new TreeSet<>();

    /** Paths that the last look did not know. */
    private Set<String> strangers = Set.of();

    private int commitsUntilLook = 1 + ThreadLocalRandom.current().nextInt(COMMITS_BETWEEN_LOOKS);
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
        this.restored = restored;
        this.listing = listing;
        this.claim = claim;
        this.spared = spared;
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
        marked.add(number);
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
        lookAround(checkpoints);
        markWhatNothingProves(checkpoints);
        if (claim.filter(Claim.Owned.class::isInstance).isPresent() && lease.holds()) {
            claim.get().settle();
            claim = Optional.empty();
        }
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        Map<Long, CheckpointMetadata> committed = new HashMap<>(older);
        holdings.committed().forEach(checkpoint -> committed.put(checkpoint.number(), checkpoint));
        Set<Long> numbers = new HashSet<>(committed.keySet());
        numbers.addAll(unreadable);
        List<Retiree> retirees = new ArrayList<>();
        garbage.values().forEach(checkpoint -> retirees.add(new Retiree(checkpoint.number(), checkpoint)));
        holdings.refuted().forEach(checkpoint -> retirees.add(new Retiree(checkpoint.number(), checkpoint)));
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
            filesOf(gone.metadata()).ifPresent(condemned::addAll);
            gone.metadata().objects().forEach(object -> condemned.add(object.path()));
            checkpoints.forget(gone.metadata());
        }
        if (marked.remove(gone.number())) {
            condemned.add(CheckpointPaths.markerPath(gone.number()));
        }
        older.remove(gone.number());
        garbage.remove(gone.number());
        unreadable.remove(gone.number());
        deleted(gone.path(), checkpoints);
    }

    /** The objects that nothing needs, once all the checkpoints that go are gone: as many as one request deletes. */
    List<String> files(PartitionCheckpoints checkpoints) {
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        List<CheckpointMetadata> present = present(holdings);
        Set<String> bases = new HashSet<>();
        Set<String> needed = new HashSet<>(holdings.inUse());
        boolean known = unreadable.isEmpty();
        for (CheckpointMetadata checkpoint : present) {
            Optional<Set<String>> files = filesOf(checkpoint);
            known &= files.isPresent();
            files.ifPresent(needed::addAll);
            checkpoint.objects().forEach(object -> needed.add(object.path()));
            if (checkpoint.base() != null) {
                bases.add(checkpoint.base().description().path());
            }
        }
        baseFiles.keySet().retainAll(bases);
        if (!known) {
            return List.of();
        }
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
        commitsUntilLook = commits;
    }

    /** Where an object is in the store. */
    String key(String path) {
        return store.key(path);
    }

    private List<CheckpointMetadata> present(PartitionCheckpoints.Holdings holdings) {
        return Stream.of(
                        holdings.committed(),
                        holdings.alive(),
                        holdings.refuted(),
                        older.values(),
                        garbage.values(),
                        sparedFound.values())
                .flatMap(Collection::stream)
                .toList();
    }

    /** Judges what the store held when the partition was started. */
    private void takeStock() {
        if (stockTaken) {
            return;
        }
        List<FoundCheckpoint> found = new ArrayList<>();
        for (long number : listing.numbers()) {
            if (listing.isMarkedCommitted(number)) {
                marked.add(number);
            }
            read(number).filter(this::isJudged).ifPresent(found::add);
        }
        Stock stock = Stock.of(found, restored, listing.named());
        Set<String> unneeded = new HashSet<>(listing.paths());
        for (FoundCheckpoint checkpoint : found) {
            unneeded.remove(CheckpointPaths.metadataPath(checkpoint.number()));
            unneeded.remove(CheckpointPaths.markerPath(checkpoint.number()));
        }
        for (CheckpointMetadata checkpoint : sparedFound.values()) {
            unneeded.remove(CheckpointPaths.metadataPath(checkpoint.number()));
            unneeded.remove(CheckpointPaths.markerPath(checkpoint.number()));
        }
        List<CheckpointMetadata> needing = new ArrayList<>(stock.committed());
        needing.addAll(sparedFound.values());
        for (CheckpointMetadata checkpoint : needing) {
            checkpoint.objects().forEach(object -> unneeded.remove(object.path()));
            filesOf(checkpoint).ifPresent(unneeded::removeAll);
        }
        Set<Long> toMark = new HashSet<>(stock.toMark());
        claim.flatMap(Claim::borrowed).filter(listing.numbers()::contains).ifPresent(toMark::add);
        toMark.removeIf(number -> listing.isMarkedCommitted(number) || sparedFound.containsKey(number));
        toMark.forEach(this::mark);

        stock.committed().forEach(checkpoint -> older.put(checkpoint.number(), checkpoint));
        restored.ifPresent(checkpoint -> older.remove(checkpoint.number()));
        stock.garbage().forEach(checkpoint -> garbage.put(checkpoint.number(), checkpoint));
        unreadable.addAll(stock.unreadable());
        condemned.addAll(unneeded);
        stockTaken = true;
        report(stock, unneeded.size());
    }

    private void report(Stock stock, int unneeded) {
        String newer = older.keySet().stream()
                .filter(number -> restored.filter(checkpoint -> number > checkpoint.number())
                        .isPresent())
                .map(number -> "chk-" + number)
                .collect(Collectors.joining(", "));
        if (!newer.isEmpty()) {
            LOG.infof(
                    "partition %s: continues from %s, and %s are newer. They stay as retained checkpoints until newer ones"
                            + " take their place (" + SettingNames.NUM_RETAINED + "=%s)%s",
                    partition,
                    restored.orElseThrow().id(),
                    newer,
                    retained,
                    claim.flatMap(Claim::borrowed)
                            .map(number -> "; chk-" + number + " stays as long as " + SettingNames.RECOVERY_PATH
                                    + " names it (NO_CLAIM)")
                            .orElse(""));
        }
        int garbageObjects = unneeded + stock.garbage().size();
        if (garbageObjects > 0 && unreadable.isEmpty()) {
            LOG.infof("partition %s: deletes %s objects that no committed checkpoint needs", partition, garbageObjects);
        }
        if (!sparedFound.isEmpty()) {
            reportSpared();
        }
    }

    private void reportSpared() {
        LOG.infof(
                "partition %s: %s checkpoints of another Kafka cluster are not deleted, the newest is chk-%s. Remove them"
                        + " with cairn checkpoints delete --force once that cluster does not need them any more",
                partition, sparedFound.size(), Collections.max(sparedFound.keySet()));
    }

    /**
     * Now and then, looks for objects that are not its own: of an owner before that was held in the middle of a checkpoint and
     * then continued, or of an upload that failed. The group accepts no commit of those any more. What one look does not know
     * may be in the making, and what the next one still does not know is not. What the partition passed over when it was
     * started stays. So does everything while checkpoints of another cluster are there, whose job may be writing others.
     */
    private void lookAround(PartitionCheckpoints checkpoints) {
        if (--commitsUntilLook > 0) {
            return;
        }
        commitsUntilLook = COMMITS_BETWEEN_LOOKS;
        CheckpointStore.Listing now = store.list();
        PartitionCheckpoints.Holdings holdings = checkpoints.holdings();
        if (areSparedIn(now, holdings)) {
            strangers = Set.of();
            return;
        }
        Set<String> unknown = new HashSet<>(now.paths());
        unknown.removeAll(listing.passedOver());
        unknown.removeAll(condemned);
        unknown.removeAll(holdings.inUse());
        if (holdings.buildingBase()) {
            unknown.removeIf(CheckpointPaths::isPartOfBase);
        }
        Set<Long> numbers = new HashSet<>(unreadable);
        for (CheckpointMetadata checkpoint : present(holdings)) {
            numbers.add(checkpoint.number());
            checkpoint.objects().forEach(object -> unknown.remove(object.path()));
            filesOf(checkpoint).ifPresent(unknown::removeAll);
        }
        numbers.forEach(number -> {
            unknown.remove(CheckpointPaths.metadataPath(number));
            unknown.remove(CheckpointPaths.markerPath(number));
        });
        Set<String> twice = new HashSet<>(unknown);
        twice.retainAll(strangers);
        unknown.removeAll(twice);
        strangers = unknown;
        if (twice.isEmpty()) {
            return;
        }
        LOG.infof(
                "partition %s: deletes %s objects that no checkpoint of this worker or before it needs, written by an owner"
                        + " before it or by an upload that failed: %s",
                partition, twice.size(), twice.iterator().next());
        for (long number : now.numbers()) {
            if (twice.remove(CheckpointPaths.metadataPath(number))) {
                read(number).filter(this::isJudged).ifPresent(found -> {
                    if (found instanceof FoundCheckpoint.Legible legible) {
                        garbage.put(number, legible.metadata());
                    } else {
                        unreadable.add(number);
                    }
                });
            }
        }
        condemned.addAll(twice);
    }

    /** Whether checkpoints are there that are spared, those included that are new. */
    private boolean areSparedIn(CheckpointStore.Listing now, PartitionCheckpoints.Holdings holdings) {
        int before = sparedFound.size();
        Set<Long> known = new HashSet<>(unreadable);
        present(holdings).forEach(checkpoint -> known.add(checkpoint.number()));
        for (long number : now.numbers()) {
            if (!known.contains(number) && !listing.passedOver().contains(CheckpointPaths.metadataPath(number))) {
                read(number).ifPresent(this::isJudged);
            }
        }
        if (sparedFound.size() > before) {
            reportSpared();
        }
        return !sparedFound.isEmpty();
    }

    /**
     * The first checkpoint of all would look like that of a job which died before it committed any. One that does not follow
     * the newest, because the partition went back, would look older than what it replaces.
     */
    private void markWhatNothingProves(PartitionCheckpoints checkpoints) {
        CheckpointId parent = checkpoints.committed().orElseThrow().parent();
        boolean wentBack = parent != null && older.keySet().stream().anyMatch(number -> number > parent.number());
        if (parent == null || wentBack) {
            markNewest(checkpoints);
        }
    }

    private boolean isJudged(FoundCheckpoint found) {
        if (found instanceof FoundCheckpoint.Legible legible && spared.test(legible.metadata())) {
            sparedFound.put(found.number(), legible.metadata());
            return false;
        }
        return true;
    }

    private Optional<FoundCheckpoint> read(long number) {
        FoundCheckpoint.CommitProof proof =
                marked.contains(number) ? FoundCheckpoint.CommitProof.MARKED : FoundCheckpoint.CommitProof.NONE;
        if (restored.filter(checkpoint -> checkpoint.number() == number).isPresent()) {
            return Optional.of(new FoundCheckpoint.Legible(restored.get(), proof));
        }
        try {
            return Optional.of(new FoundCheckpoint.Legible(store.read(number), proof));
        } catch (DamagedCheckpointException e) {
            warnOnce(e.getMessage());
            return Optional.of(new FoundCheckpoint.Damaged(number, proof, e.getMessage()));
        } catch (ObjectMissingException e) {
            // Retired since it was listed.
            return Optional.empty();
        }
    }

    /** The files of a checkpoint's base; nothing where they are not known, because the description cannot be read. */
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

    private void warnOnce(String cause) {
        if (warned.add(cause)) {
            LOG.warnf(
                    "partition %s: %s. What it needs is not known, so that no file of the partition is deleted until the"
                            + " object is back or newer checkpoints have taken its place",
                    partition, Clause.of(cause));
        }
    }
}
