package dev.cairn.metrics;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

/** The one thread on which meters are made and pictures are taken, so that neither a start nor a loop waits for it. */
@ApplicationScoped
class MetricsThread {

    private static final Logger LOG = Logger.getLogger(MetricsThread.class);

    private String lastFailure = "";
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "cairn-metrics");
        thread.setDaemon(true);
        return thread;
    });

    /** In the order in which they come. */
    void run(Runnable task) {
        try {
            executor.execute(() -> quietly(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("the application ends, and no one asks for metrics any more");
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing comes out of it, failures included.
    void repeat(Runnable task, Duration interval) {
        executor.scheduleWithFixedDelay(() -> quietly(task), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A task that fails must not take the others along; what fails every second is said once. */
    private void quietly(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            if (!lastFailure.equals(e.getMessage())) {
                LOG.warnf("metrics are not up to date: %s", e.getMessage());
                lastFailure = String.valueOf(e.getMessage());
            }
            LOG.debug("in detail", e);
        }
    }

    @PreDestroy
    void close() {
        executor.shutdownNow();
    }
}
