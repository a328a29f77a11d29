package dev.cairn.worker.status;

/**
 * What can be found out about a worker or a job: the state that follows, and which probe of the worker it fails. The table
 * in {@code docs/operate/health.md} is made of it.
 *
 * <p>Liveness fails only where a restart can help: not while Kafka or the store is away.
 */
public enum Finding {
    WORKER_FAILED(JobState.FAILED, Probe.LIVENESS, Check.LOOPS, "The worker, or one of its loops, has failed."),
    LOOP_HANGS(
            JobState.STALLED, Probe.LIVENESS, Check.LOOPS, "A loop has not turned for 5 minutes, while Kafka answers."),
    ROLLS_BACK_FOR_LONG(
            JobState.STALLED,
            Probe.LIVENESS,
            Check.LOOPS,
            "A loop has rolled back for 5 minutes without progress, while Kafka and the store answer."),
    BROKER_UNREACHABLE(
            JobState.UNREACHABLE, Probe.READINESS, Check.KAFKA, "Kafka has not answered any client for 10 seconds."),
    LOOP_SLOW(JobState.STALLED, Probe.READINESS, Check.LOOPS, "A loop has not turned for 30 seconds."),
    ROLLS_BACK(
            JobState.STALLED,
            Probe.READINESS,
            Check.LOOPS,
            "A loop has rolled back twice or more since it last made progress."),
    LOOP_WAITS(JobState.STALLED, Probe.READINESS, Check.LOOPS, "A loop has waited for a checkpoint for 10 seconds."),
    CHECKPOINT_OVERDUE(
            JobState.STALLED,
            Probe.READINESS,
            Check.CHECKPOINTS,
            "Changes have had no checkpoint for longer than interval, minimum pause and time-out together."),
    ALL_PARKED(JobState.PARKED, Probe.READINESS, Check.PARTITIONS, "Every partition is parked."),
    ALL_INPUTS_MISSING(JobState.PARKED, Probe.READINESS, Check.PARTITIONS, "No input topic exists any more."),
    PARTITION_PARKED(JobState.DEGRADED, Probe.READINESS, Check.PARTITIONS, "A partition is parked; others are not."),
    INPUT_MISSING(
            JobState.DEGRADED, Probe.READINESS, Check.PARTITIONS, "An input topic does not exist any more; others do."),
    STORE_FAILING(JobState.DEGRADED, Probe.READINESS, Check.STORE, "Requests to the store have failed for 10 seconds."),
    PARTITION_RETRYING(
            JobState.DEGRADED,
            Probe.NONE,
            Check.PARTITIONS,
            "A partition has tried the same record again for 10 seconds."),
    LOOP_CUT_OFF(
            JobState.DEGRADED,
            Probe.READINESS,
            Check.KAFKA,
            "Kafka has not answered one loop's consumer for 10 seconds; it answers other clients."),
    PARTITION_WITHOUT_OWNER(
            JobState.DEGRADED, Probe.NONE, Check.GROUP, "No worker has had a partition for 15 seconds."),
    WORKER_AWAY(JobState.DEGRADED, Probe.NONE, Check.GROUP, "A worker of the job does not answer. Of jobs only."),
    OTHER(
            JobState.DEGRADED,
            Probe.NONE,
            Check.GROUP,
            "A worker of another version has found something that this version does not know. Of jobs only."),
    NO_WORKER(JobState.STOPPED, Probe.NONE, Check.GROUP, "The group has no member. Of jobs only."),
    STOPPING(JobState.STOPPING, Probe.READINESS, Check.PARTITIONS, "The worker takes its last checkpoint and ends."),
    PARTITION_RESTORING(JobState.RESTORING, Probe.READINESS, Check.PARTITIONS, "A partition is being restored."),
    PARTITION_MOVING(
            JobState.RESTORING, Probe.NONE, Check.GROUP, "A partition has had no worker for less than 15 seconds."),
    NOT_JOINED(JobState.STARTING, Probe.READINESS, Check.PARTITIONS, "A loop has not joined the group yet."),
    PAUSED(JobState.PAUSED, Probe.NONE, Check.PARTITIONS, "The worker is paused.");

    private final JobState state;
    private final Probe probe;
    private final Check check;
    private final String meaning;

    /** The probe that a finding fails; whatever fails liveness fails readiness, too. */
    public enum Probe {
        NONE,
        READINESS,
        LIVENESS
    }

    /** Where health shows it. */
    public enum Check {
        LOOPS,
        PARTITIONS,
        CHECKPOINTS,
        KAFKA,
        STORE,
        /** Nothing of this worker: the job shows it. */
        GROUP
    }

    Finding(JobState state, Probe probe, Check check, String meaning) {
        this.state = state;
        this.probe = probe;
        this.check = check;
        this.meaning = meaning;
    }

    /** The state of what it is found of, unless something worse is found. */
    public JobState state() {
        return state;
    }

    /** Which probe fails. */
    public Probe probe() {
        return probe;
    }

    /** The readiness check that shows it. */
    public Check check() {
        return check;
    }

    /** When it is found, for documents. */
    public String meaning() {
        return meaning;
    }
}
