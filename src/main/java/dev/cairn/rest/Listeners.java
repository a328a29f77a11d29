package dev.cairn.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import org.jboss.logging.Logger;

import dev.cairn.fleet.FleetEvent;
import dev.cairn.fleet.History;

/**
 * Who follows the job at this worker. One thread looks at the job for all of them, as long as there is one. A listener that
 * takes nothing has so many events kept for it and no more; then its stream ends, and it may come back.
 */
@ApplicationScoped
class Listeners {

    private static final Logger LOG = Logger.getLogger(Listeners.class);
    private static final int MOST_WAITING = 256;
    private static final int MOST_LISTENERS = 200;
    private static final long STATUS_MILLIS = 2_000;
    private static final long KEYS_MILLIS = 10_000;

    private final JobStatus status;
    private final JobKeys keys;
    private final History history;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cairn-listeners");
        thread.setDaemon(true);
        return thread;
    });
    private final List<ScheduledFuture<?>> tickers = new ArrayList<>();
    private AutoCloseable rows;

    private record Listener(MultiEmitter<? super StreamEvent> emitter) {}

    Listeners(JobStatus status, JobKeys keys, History history) {
        this.status = status;
        this.keys = keys;
        this.history = history;
    }

    /**
     * What happens from now on, beginning with how the job stands.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem when there are too many
     */
    Multi<StreamEvent> join() {
        if (listeners.size() >= MOST_LISTENERS) {
            throw Problems.notYet(MOST_LISTENERS + " listeners follow this worker already");
        }
        Consumer<MultiEmitter<? super StreamEvent>> add = emitter -> {
            Listener listener = new Listener(emitter);
            emitter.onTermination(() -> remove(listener));
            add(listener);
        };
        return Multi.createFrom().emitter(add, MOST_WAITING);
    }

    /** Ends all streams: no caller waits for them. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        executor.shutdownNow();
        listeners.forEach(listener -> listener.emitter().complete());
    }

    private synchronized void add(Listener listener) {
        listeners.add(listener);
        if (executor.isShutdown()) {
            listener.emitter().complete();
        } else if (tickers.isEmpty()) {
            rows = history.listen(this::row);
            tickers.add(every(STATUS_MILLIS, () -> showJob(listeners)));
            tickers.add(every(KEYS_MILLIS, () -> showKeys(listeners)));
        } else {
            executor.execute(() -> showJob(List.of(listener)));
            executor.execute(() -> showKeys(List.of(listener)));
        }
    }

    private synchronized void remove(Listener listener) {
        listeners.remove(listener);
        if (listeners.isEmpty() && !tickers.isEmpty()) {
            tickers.forEach(ticker -> ticker.cancel(false));
            tickers.clear();
            try {
                rows.close();
            } catch (Exception e) {
                LOG.debug("while ceasing to listen to the history", e);
            }
        }
    }

    private void row(FleetEvent.Row row) {
        if (!executor.isShutdown()) {
            executor.execute(() -> send(listeners, new StreamEvent.Same("checkpoint", CheckpointRow.of(row), false)));
        }
    }

    private ScheduledFuture<?> every(long millis, Runnable task) {
        return executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        // It would be the last time.
                        LOG.debug("the job cannot be shown now", e);
                    }
                },
                0,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void showJob(List<Listener> to) {
        List<WorkerView> workers = status.workers().toCompletableFuture().join();
        send(
                to,
                new StreamEvent.Status(
                        status.job(workers, Control.REFUSED),
                        workers.stream().map(WorkerView::withoutDetails).toList(),
                        JobStatus.partitions(workers)));
    }

    private void showKeys(List<Listener> to) {
        send(to, new StreamEvent.Same("keys", keys.all().toCompletableFuture().join(), true));
    }

    private static void send(List<Listener> to, StreamEvent event) {
        to.forEach(listener -> listener.emitter().emit(event));
    }
}
