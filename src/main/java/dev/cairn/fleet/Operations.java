package dev.cairn.fleet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import org.jboss.logging.Logger;

import dev.cairn.job.JobException;

/** What was asked of this worker: all that goes on, and the last {@value #MOST_ENDED} that ended. Thread-safe. */
@ApplicationScoped
public class Operations {

    private static final Logger LOG = Logger.getLogger(Operations.class);
    private static final int MOST_ENDED = 100;
    private static final int MOST_RUNNING = 20;
    private static final int THREADS = 4;

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "cairn-operation-" + threads.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    });

    /** What an operation does. */
    @FunctionalInterface
    interface Work {

        Operation.Result run() throws Exception;
    }

    /** One of them. */
    public synchronized Optional<Operation> get(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    /** All of them, oldest first. */
    public synchronized List<Operation> all() {
        return List.copyOf(operations.values());
    }

    /**
     * Begins one. It goes on behind.
     *
     * @throws JobException when too many go on already
     */
    Operation begin(String id, Operation.Kind kind, Work work) {
        Operation begun = Operation.begun(id, kind);
        synchronized (this) {
            if (running() >= MOST_RUNNING) {
                throw new JobException(MOST_RUNNING + " operations are going on already. Wait until one has ended");
            }
            operations.put(id, begun);
        }
        executor.execute(() -> end(run(begun, work)));
        return begun;
    }

    private static Operation run(Operation begun, Work work) {
        try {
            Operation.Result result = work.run();
            LOG.infof(
                    "%s %s: done%s%s",
                    begun.kind(),
                    begun.id(),
                    result.location().isEmpty() ? "" : ", " + result.location(),
                    result.remark().isEmpty() ? "" : "; " + result.remark());
            return begun.ended(result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return begun.failed(new JobException("the worker has ended meanwhile. Ask another one", e));
        } catch (Exception e) {
            LOG.errorf("%s %s failed: %s", begun.kind(), begun.id(), e.getMessage());
            return begun.failed(e);
        }
    }

    private synchronized void end(Operation ended) {
        operations.put(ended.id(), ended);
        List<String> old = new ArrayList<>();
        operations.values().stream()
                .filter(operation -> operation.state() == Operation.State.COMPLETED)
                .forEach(operation -> old.add(operation.id()));
        old.stream().limit(Math.max(0, old.size() - MOST_ENDED)).forEach(operations::remove);
    }

    private long running() {
        return operations.values().stream()
                .filter(operation -> operation.state() == Operation.State.IN_PROGRESS)
                .count();
    }

    void stop(@Observes ShutdownEvent event) {
        executor.shutdownNow();
    }
}
