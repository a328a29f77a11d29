package dev.cairn.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jboss.logging.Logger;

/** What a worker has opened. Closes it in the opposite order. Thread-safe. */
final class OpenResources implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OpenResources.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    synchronized <C extends AutoCloseable> C add(C resource) {
        open.push(resource);
        return resource;
    }

    /** Threads that are interrupted at the end. */
    ExecutorService threads(String name, int count) {
        return executor(Executors.newFixedThreadPool(count, daemons(name)));
    }

    /** As {@link #threads}, as many as it takes. */
    ExecutorService threads(String name) {
        return executor(Executors.newCachedThreadPool(daemons(name)));
    }

    /** As {@link #threads(String, int)}, for what is done later. */
    ScheduledExecutorService timer(String name, int count) {
        return executor(Executors.newScheduledThreadPool(count, daemons(name)));
    }

    /** As {@link #threads(String, int)}, and the end waits so long for what they do. */
    ExecutorService threads(String name, int count, Duration limit) {
        return executor(Executors.newFixedThreadPool(count, daemons(name)), limit);
    }

    /** As {@link #timer(String, int)}, and the end waits so long for what they do. */
    ScheduledExecutorService timer(String name, int count, Duration limit) {
        return executor(Executors.newScheduledThreadPool(count, daemons(name)), limit);
    }

    private <E extends ExecutorService> E executor(E executor, Duration limit) {
        add(() -> executor.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS));
        return executor(executor);
    }

    private <E extends ExecutorService> E executor(E executor) {
        add(executor::shutdownNow);
        return executor;
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.debugf(e, "while closing");
            }
        }
    }
}
