package dev.cairn.fleet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import org.jboss.logging.Logger;

import dev.cairn.job.JobException;

/**
 * What was asked of the workers of the job: all that still runs, and the last {@value #MOST_ENDED} that ended. Those of this worker
 * are told to the others, whose own come by the same way. Thread-safe.
 */
@ApplicationScoped
class Operations {

    private static final Logger LOG = Logger.getLogger(Operations.class);
    private static final int MOST_ENDED = 100;
    private static final int MOST_RUNNING = 20;
    private static final int MOST_OF_OTHERS = 1_000;
    private static final int THREADS = 4;
    private static final String ENDED_MEANWHILE = "the worker that was asked has ended meanwhile. Ask another one";

    private final Map<String, Known> operations = new LinkedHashMap<>();
    private final Map<String, Operation> leftBehind = new LinkedHashMap<>();
    private final List<Consumer<Known>> waiters = new CopyOnWriteArrayList<>();
    private volatile Consumer<Operation> listener = operation -> {};
    private final AtomicInteger threads = new AtomicInteger();
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "cairn-operation-" + threads.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    });

    /**
     * An operation, and whose it is.
     *
     * @param worker the instance that has told of it; nothing where it is one of this process
     */
    record Known(Operation operation, Optional<String> worker) {

        boolean isEnded() {
            return operation.state() == Operation.State.COMPLETED;
        }
    }

    /** What an operation does. */
    @FunctionalInterface
    interface Work {

        Operation.Result run() throws Exception;
    }

    /** One of them, if it is known here. */
    synchronized Optional<Known> get(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    /** Is told of each operation of this worker, when it begins and when it ends. */
    void tell(Consumer<Operation> everyone) {
        listener = everyone;
    }

    /** Is told of each operation that others have told of. @return ends that */
    AutoCloseable listen(Consumer<Known> waiting) {
        waiters.add(waiting);
        return () -> waiters.remove(waiting);
    }

    /**
     * Begins one. It continues in the background.
     *
     * @throws JobException when too many run already
     */
    Operation begin(String id, Operation.Kind kind, Work work) {
        Operation begun = Operation.begun(id, kind);
        synchronized (this) {
            if (running() >= MOST_RUNNING) {
                throw new JobException(MOST_RUNNING + " operations are running already. Wait until one has ended");
            }
            operations.put(id, new Known(begun, Optional.empty()));
        }
        listener.accept(begun);
        executor.execute(() -> end(run(begun, work)));
        return begun;
    }

    /** Does something that may begin one, on a thread of its own. */
    void execute(Runnable task) {
        executor.execute(task);
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
            return begun.failed(new JobException(ENDED_MEANWHILE, e));
        } catch (Exception e) {
            LOG.errorf("%s %s failed: %s", begun.kind(), begun.id(), e.getMessage());
            return begun.failed(e);
        }
    }

    private void end(Operation ended) {
        keep(new Known(ended, Optional.empty()));
        listener.accept(ended);
    }

    /**
     * A worker has told of one. What this one knows of its own is newer.
     *
     * @param self this worker's instance
     */
    void add(FleetEvent.OperationStands event, String self) {
        Known told = new Known(event.operation(), Optional.of(event.worker()));
        synchronized (this) {
            Known before = operations.get(event.id());
            if (before != null && (before.worker().isEmpty() || before.isEnded())) {
                return;
            }
            keep(told);
            if (event.worker().equals(self)) {
                leftBehind.remove(event.id());
                if (!told.isEnded()) {
                    leftBehind.put(event.id(), told.operation());
                }
            }
        }
        waiters.forEach(waiting -> waiting.accept(told));
    }

    /** What this worker began before its last start ends now: no one continues it. */
    void endThoseLeftBehind() {
        List<Operation> begun;
        synchronized (this) {
            begun = List.copyOf(leftBehind.values());
            leftBehind.clear();
        }
        begun.forEach(operation -> end(operation.failed(new JobException(ENDED_MEANWHILE))));
    }

    /** The worker of one is gone. */
    static Operation givenUp(Known known) {
        return known.operation().failed(new JobException(ENDED_MEANWHILE));
    }

    private synchronized void keep(Known known) {
        operations.put(known.operation().id(), known);
        List<String> old = new ArrayList<>();
        operations.values().stream()
                .filter(Known::isEnded)
                .forEach(operation -> old.add(operation.operation().id()));
        old.stream().limit(Math.max(0, old.size() - MOST_ENDED)).forEach(operations::remove);
        List<String> others = new ArrayList<>();
        operations.values().stream()
                .filter(operation -> operation.worker().isPresent() && !operation.isEnded())
                .forEach(operation -> others.add(operation.operation().id()));
        others.stream().limit(Math.max(0, others.size() - MOST_OF_OTHERS)).forEach(operations::remove);
    }

    private long running() {
        return operations.values().stream()
                .filter(operation -> operation.worker().isEmpty() && !operation.isEnded())
                .count();
    }

    void stop(@Observes ShutdownEvent event) {
        executor.shutdownNow();
    }
}
