package dev.cairn.worker;

import java.time.Duration;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;

/** Waits until a job that was ended is started again. On a thread of its own. */
final class EndedJobWatch {

    private static final Logger LOG = Logger.getLogger(EndedJobWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private final ObjectStore objects;
    private final String job;
    private String failure = "";

    /** @param objects is not closed with it */
    EndedJobWatch(ObjectStore objects, String job) {
        this.objects = objects;
        this.job = job;
    }

    /** Returns once the job may run. */
    void await() throws InterruptedException {
        while (isEnded()) {
            Thread.sleep(INTERVAL.toMillis());
        }
    }

    private boolean isEnded() {
        try {
            boolean ended = JobEnd.read(objects, job).isPresent();
            failure = "";
            return ended;
        } catch (StorageException | DamagedCheckpointException e) {
            if (!e.getMessage().equals(failure)) {
                failure = e.getMessage();
                LOG.warnf("whether job %s was started again cannot be told, will look again: %s", job, failure);
            }
            return true;
        }
    }
}
