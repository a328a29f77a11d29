package dev.cairn.worker.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.cairn.worker.status.CheckpointReport;

/**
 * Who has asked a loop for a checkpoint, until one that began after the question has ended. Asked from any thread,
 * answered on the loop's.
 */
final class CheckpointRequests {

    private final Queue<CompletableFuture<Optional<CheckpointReport>>> waiting = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Optional<CheckpointReport>>> inFlight = new ArrayList<>();
    private volatile boolean closed;

    /** Asks. The answer is empty where nothing had changed. */
    CompletableFuture<Optional<CheckpointReport>> add() {
        CompletableFuture<Optional<CheckpointReport>> request = new CompletableFuture<>();
        waiting.add(request);
        if (closed) {
            close();
        }
        return request;
    }

    boolean areWaiting() {
        return !waiting.isEmpty();
    }

    /** The checkpoint that begins now is what those who wait have asked for. */
    void begun() {
        moveTo(inFlight);
    }

    /** There is nothing to take a checkpoint of: what is committed already is what they want. */
    void upToDate() {
        List<CompletableFuture<Optional<CheckpointReport>>> answered = new ArrayList<>();
        moveTo(answered);
        answered.forEach(request -> request.complete(Optional.empty()));
    }

    /** The checkpoint in flight has ended. */
    void ended(CheckpointReport report) {
        List<CompletableFuture<Optional<CheckpointReport>>> answered = List.copyOf(inFlight);
        inFlight.clear();
        answered.forEach(request -> request.complete(Optional.of(report)));
    }

    /** It will not be known how the checkpoint in flight has ended. */
    void failed(Throwable why) {
        List<CompletableFuture<Optional<CheckpointReport>>> unanswered = List.copyOf(inFlight);
        inFlight.clear();
        unanswered.forEach(request -> request.completeExceptionally(why));
    }

    /** Rejects pending and future requests. From any thread. */
    void close() {
        closed = true;
        List<CompletableFuture<Optional<CheckpointReport>>> unanswered = new ArrayList<>();
        moveTo(unanswered);
        unanswered.forEach(
                request -> request.completeExceptionally(new CancellationException("the loop has ended before it")));
    }

    private void moveTo(List<CompletableFuture<Optional<CheckpointReport>>> target) {
        for (var request = waiting.poll(); request != null; request = waiting.poll()) {
            target.add(request);
        }
    }
}
