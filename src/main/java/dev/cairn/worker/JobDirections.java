package dev.cairn.worker;

import java.util.concurrent.CompletionStage;

import dev.cairn.checkpoint.store.JobEnd;

/** Knows what someone has decided for all workers of the job. */
public interface JobDirections {

    /** Whether the job is paused. Completes soon, in any case. */
    CompletionStage<Boolean> paused();

    /** Whether someone has let the job run again since it was ended. Blocks for some seconds at most. */
    boolean startedSince(JobEnd end);
}
