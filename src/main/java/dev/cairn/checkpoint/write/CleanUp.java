package dev.cairn.checkpoint.write;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.write.CheckpointJanitor.Retiree;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;

/**
 * Deletes what the retained checkpoints of a worker's partitions do not need, in rounds. A round is for all partitions that
 * have committed since the one before, and one request deletes objects of many of them: the number of requests does not grow
 * with the number of partitions.
 *
 * <p>A round goes step by step: the oldest {@code _metadata} that goes of each partition, then the next oldest, and in the end
 * files, so that no checkpoint is ever visible without its files. A partition whose step fails has its turn again in
 * the next round. Each request names only partitions whose {@link Lease} holds at that moment.
 *
 * <p>Thread-safe. Calls return at once; the work is done by threads that do nothing else.
 */
public final class CleanUp {

    private static final Logger LOG = Logger.getLogger(CleanUp.class);
    private static final long WARNING_NANOS = Duration.ofMinutes(1).toNanos();

    private final ObjectStore objects;
    private final Executor rounds;
    private final Executor marks;
    private final Map<PartitionCheckpoints, Lease> due = new LinkedHashMap<>();
    private final Set<PartitionCheckpoints> marking = ConcurrentHashMap.newKeySet();
    private boolean running;
    private long nextWarningNanos = System.nanoTime();

    /**
     * @param objects where the partitions have their checkpoints
     * @param rounds one thread
     * @param marks a few threads
     */
    public CleanUp(ObjectStore objects, Executor rounds, Executor marks) {
        this.objects = objects;
        this.rounds = rounds;
        this.marks = marks;
    }

    /** Each of these has committed a checkpoint. */
    public void committed(Collection<PartitionCheckpoints> partitions, Lease lease) {
        Map<PartitionCheckpoints, Lease> leases = new LinkedHashMap<>();
        partitions.forEach(partition -> leases.put(partition, lease));
        committed(leases);
    }

    private void committed(Map<PartitionCheckpoints, Lease> partitions) {
        synchronized (this) {
            due.putAll(partitions);
        }
        schedule();
    }

    private void schedule() {
        synchronized (this) {
            if (running || due.isEmpty()) {
                return;
            }
            running = true;
        }
        try {
            rounds.execute(this::run);
        } catch (RejectedExecutionException e) {
            LOG.debugf("no clean-up any more, the worker is closing: %s", e.getMessage());
        }
    }

    /** Nothing moves in these: no later checkpoint may ever name the last one as its parent, so it is marked. */
    public void idle(Collection<PartitionCheckpoints> partitions) {
        for (PartitionCheckpoints partition : partitions) {
            // A store that does not answer must not let them pile up.
            if (partition.needsMark() && marking.add(partition)) {
                marks.execute(() -> {
                    mark(partition);
                    marking.remove(partition);
                });
            }
        }
        // What could not be done after the last commit.
        schedule();
    }

    /**
     * For a loop that ends: marks the last checkpoints, deletes what goes then, and closes the partitions.
     *
     * @return completes when all is done, or left to the next start
     */
    public CompletableFuture<Void> last(Collection<PartitionCheckpoints> partitions, Lease lease) {
        return mark(partitions)
                .thenRunAsync(
                        () -> {
                            Map<PartitionCheckpoints, Lease> all = new LinkedHashMap<>();
                            partitions.forEach(partition -> all.put(partition, lease));
                            if (!lease.holds()) {
                                LOG.infof(
                                        "clean-up of a loop that ends is left to the next start: its lease has run out");
                            }
                            quietly(() -> round(all));
                            partitions.forEach(partition -> quietly(() -> partition.closeForGood(lease)));
                        },
                        rounds);
    }

    /**
     * Marks the last checkpoints of these as committed.
     *
     * @return completes when all are marked, or cannot be
     */
    public CompletableFuture<Void> mark(Collection<PartitionCheckpoints> partitions) {
        return CompletableFuture.allOf(partitions.stream()
                .filter(PartitionCheckpoints::needsMark)
                .map(partition -> CompletableFuture.runAsync(() -> mark(partition), marks))
                .toArray(CompletableFuture[]::new));
    }

    private void mark(PartitionCheckpoints partition) {
        quietly(partition::markCommitted);
    }

    private void run() {
        Map<PartitionCheckpoints, Lease> now;
        synchronized (this) {
            now = new LinkedHashMap<>(due);
            due.clear();
            running = false;
        }
        List<Turn> turns = new ArrayList<>();
        quietly(() -> turns.addAll(round(now)));
        Map<PartitionCheckpoints, Lease> unfinished = new LinkedHashMap<>();
        synchronized (this) {
            for (Turn turn : turns) {
                if (turn.hasMore()) {
                    unfinished.put(turn.partition, turn.lease);
                } else if (turn.isPutOff()) {
                    due.putIfAbsent(turn.partition, turn.lease);
                }
            }
        }
        if (!unfinished.isEmpty()) {
            // Behind those that have become due meanwhile, and those that close.
            committed(unfinished);
        }
    }

    private List<Turn> round(Map<PartitionCheckpoints, Lease> partitions) {
        List<Turn> turns = new ArrayList<>();
        partitions.forEach((partition, lease) -> {
            Turn turn = new Turn(partition, lease);
            turns.add(turn);
            quietly(turn::begin);
        });
        for (int step = 0; step < turns.stream().mapToInt(Turn::steps).max().orElse(0); step++) {
            List<Deletion> deletions = new ArrayList<>();
            for (Turn turn : turns) {
                turn.retiree(step).ifPresent(deletions::add);
            }
            delete(deletions);
        }
        List<Deletion> deletions = new ArrayList<>();
        turns.forEach(turn -> quietly(() -> deletions.addAll(turn.files())));
        delete(deletions);
        return turns;
    }

    private void delete(List<Deletion> deletions) {
        for (int from = 0; from < deletions.size(); from += ObjectStore.DELETIONS_PER_REQUEST) {
            request(deletions.subList(from, Math.min(deletions.size(), from + ObjectStore.DELETIONS_PER_REQUEST)));
        }
    }

    /** One request. The leases are asked right before it. */
    private void request(List<Deletion> deletions) {
        Map<String, Deletion> byKey = new LinkedHashMap<>();
        for (Deletion deletion : deletions) {
            if (deletion.turn().mayDelete()) {
                byKey.put(deletion.key(), deletion);
            }
        }
        if (byKey.isEmpty()) {
            return;
        }
        Map<String, String> left;
        try {
            left = objects.deleteAll(byKey.keySet());
        } catch (StorageException e) {
            byKey.values().forEach(deletion -> deletion.turn().fail());
            warn(e.getMessage());
            return;
        }
        byKey.forEach((key, deletion) -> {
            if (left.containsKey(key)) {
                deletion.turn().fail();
            } else {
                quietly(deletion.done());
            }
        });
        left.entrySet().stream()
                .findFirst()
                .ifPresent(first -> warn(left.size() + " objects are not deleted, the first is " + objects.location()
                        + "/" + first.getKey() + ": " + first.getValue()));
    }

    /** What is left undone is done in the next round. */
    private void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.debugf(e, "clean-up");
            warn(e.getMessage());
        }
    }

    private synchronized void warn(String cause) {
        long now = System.nanoTime();
        if (now - nextWarningNanos >= 0) {
            nextWarningNanos = now + WARNING_NANOS;
            LOG.warnf("clean-up failed, will retry: %s", cause);
        }
    }

    /** An object to delete, and what to note then. */
    private record Deletion(Turn turn, String key, Runnable done) {}

    /** A partition in a round. */
    private static final class Turn {

        private final PartitionCheckpoints partition;
        private final CheckpointJanitor janitor;
        private final Lease lease;
        private List<Retiree> retirees = List.of();
        private boolean ended = true;
        private boolean full;

        Turn(PartitionCheckpoints partition, Lease lease) {
            this.partition = partition;
            this.janitor = partition.janitor();
            this.lease = lease;
        }

        void begin() {
            if (!partition.isClosed() && lease.holds()) {
                retirees = janitor.retirees(partition, lease);
                ended = false;
            }
        }

        int steps() {
            return retirees.size();
        }

        Optional<Deletion> retiree(int step) {
            if (ended || step >= retirees.size()) {
                return Optional.empty();
            }
            Retiree next = retirees.get(step);
            return Optional.of(new Deletion(this, janitor.key(next.path()), () -> janitor.retired(next, partition)));
        }

        List<Deletion> files() {
            if (ended || !mayDelete()) {
                return List.of();
            }
            List<String> paths = janitor.files(partition);
            full = paths.size() == ObjectStore.DELETIONS_PER_REQUEST;
            return paths.stream()
                    .map(path -> new Deletion(this, janitor.key(path), () -> janitor.deleted(path, partition)))
                    .toList();
        }

        boolean mayDelete() {
            if (!ended && (partition.isClosed() || !lease.holds())) {
                ended = true;
            }
            return !ended;
        }

        void fail() {
            ended = true;
        }

        boolean hasMore() {
            return full && !ended;
        }

        boolean isPutOff() {
            return ended && !partition.isClosed();
        }
    }
}
