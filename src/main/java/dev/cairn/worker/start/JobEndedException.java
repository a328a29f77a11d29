package dev.cairn.worker.start;

import java.util.Locale;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.worker.status.StopWorkerException;

/** Someone has ended the job, and no one has let it run again. */
public final class JobEndedException extends StopWorkerException {

    private static final long serialVersionUID = 1L;

    private final transient JobEnd end;

    public JobEndedException(String job, JobEnd end) {
        super("the job " + job + " was " + end.kind().name().toLowerCase(Locale.ROOT) + " at " + end.at()
                + " and does not run until it is started again: cairn job start --job " + job);
        this.end = end;
    }

    public JobEnd end() {
        return end;
    }
}
