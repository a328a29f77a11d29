package dev.cairn.rest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;

import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;

/** How many records this worker processes in a second, over the last few. */
@ApplicationScoped
class RecordRate {

    private static final int SECONDS = 5;

    private final WorkerLifecycle lifecycle;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cairn-record-rate");
        thread.setDaemon(true);
        return thread;
    });

    private record Sample(long nanos, long records) {}

    RecordRate(WorkerLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    void start(@Observes StartupEvent event) {
        ticker.scheduleAtFixedRate(this::sample, 1, 1, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        ticker.shutdownNow();
    }

    private void sample() {
        lifecycle.worker().map(Worker::status).ifPresent(status -> add(status.records()));
    }

    private synchronized void add(long records) {
        samples.addLast(new Sample(System.nanoTime(), records));
        if (samples.size() > SECONDS + 1) {
            samples.removeFirst();
        }
    }

    synchronized double perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = (last.nanos - first.nanos) / 1e9;
        return Math.round((last.records - first.records) / seconds * 10) / 10.0;
    }
}
