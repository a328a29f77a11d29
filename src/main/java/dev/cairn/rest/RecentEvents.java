package dev.cairn.rest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import dev.cairn.worker.WorkerEvent;
import dev.cairn.worker.WorkerEvent.CheckpointEnded;
import dev.cairn.worker.WorkerEvent.PartitionRestored;

/** What has happened in this worker lately. */
@ApplicationScoped
class RecentEvents {

    private static final int MOST = 1_000;

    private final Deque<CheckpointRow> checkpoints = new ArrayDeque<>();
    private final Deque<PartitionRestored> restores = new ArrayDeque<>();

    synchronized void happened(@Observes WorkerEvent event) {
        if (event instanceof CheckpointEnded ended) {
            add(checkpoints, CheckpointRow.of(ended.report()));
        } else if (event instanceof PartitionRestored restored) {
            add(restores, restored);
        }
    }

    /** Newest first. */
    synchronized List<CheckpointRow> checkpoints() {
        return List.copyOf(checkpoints);
    }

    /** Newest first. */
    synchronized List<PartitionRestored> restores() {
        return List.copyOf(restores);
    }

    private static <T> void add(Deque<T> events, T event) {
        events.addFirst(event);
        if (events.size() > MOST) {
            events.removeLast();
        }
    }
}
