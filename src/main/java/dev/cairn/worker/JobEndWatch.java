package dev.cairn.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;

/** Looks whether someone has ended the job, every few seconds, on a thread of its own. */
record JobEndWatch(ObjectStore objects, String job, Consumer<JobEnd> onEnd) {

    private static final Logger LOG = Logger.getLogger(JobEndWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    @SuppressWarnings("FutureReturnValueIgnored") // It continues for as long as the executor.
    void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Optional<JobEnd> end = JobEnd.read(objects, job);
            end.ifPresent(onEnd);
        } catch (StorageException | DamagedCheckpointException e) {
            LOG.debugf("whether the job was ended cannot be told now: %s", e.getMessage());
        }
    }
}
