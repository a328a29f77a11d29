package dev.cairn.worker.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.cairn.storage.StoreFailure;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;

/** Judges a worker by what it knows of itself. A pure function. */
public final class WorkerJudge {

    /** Heartbeats and the watch over the group are answered every few seconds. */
    public static final Duration BROKER_LIMIT = Duration.ofSeconds(10);

    /** A loop that hangs this long in one turn does not come back: the clients' own time-outs are shorter. */
    static final Duration LONGEST_TURN = Duration.ofMinutes(5);

    static final Duration SLOW_TURN = Duration.ofSeconds(30);
    static final Duration WAITING_LIMIT = Duration.ofSeconds(10);
    static final Duration STORE_LIMIT = Duration.ofSeconds(10);
    static final Duration UNCOVERED_LIMIT = Duration.ofSeconds(15);
    static final Duration LONGEST_ROLLING_BACK = Duration.ofMinutes(5);
    static final int ROLL_BACKS_LIMIT = 2;

    private static final String WORKER = "worker";
    private static final String FAILED = WorkerState.FAILED.name();

    private final WorkerStatus status;
    private final List<Reason> reasons = new ArrayList<>();

    private WorkerJudge(WorkerStatus status) {
        this.status = status;
    }

    /** How this worker is doing. */
    public static Judgement judge(WorkerStatus status) {
        return new WorkerJudge(status).judge();
    }

    private Judgement judge() {
        lifecycle();
        broker();
        status.loops().forEach(this::loop);
        inputs();
        partitions();
        store();
        owners();
        List<String> unknown = new ArrayList<>();
        if (status.lag().isEmpty()) {
            unknown.add(Judgement.LAG);
        }
        if (status.surroundings().uncovered().isEmpty()) {
            unknown.add(Judgement.OWNERS);
        }
        return Judgement.of(reasons, unknown);
    }

    private void lifecycle() {
        switch (status.state()) {
            case FAILED -> add(Finding.WORKER_FAILED, WORKER, "the worker has failed: its log says why");
            case STOPPING, STOPPED -> add(Finding.STOPPING, WORKER, "the worker takes its last checkpoint and ends");
            case CREATED, STARTING -> add(Finding.NOT_JOINED, WORKER, "the worker is starting");
            case RUNNING -> {
                if (status.paused()) {
                    add(
                            Finding.PAUSED,
                            WORKER,
                            "the worker is paused: it processes no record until the job is resumed");
                }
            }
        }
    }

    private boolean brokerIsAway() {
        return exceeds(status.sinceBrokerContact(), BROKER_LIMIT);
    }

    private void broker() {
        if (brokerIsAway()) {
            add(
                    Finding.BROKER_UNREACHABLE,
                    "kafka",
                    "Kafka has not answered for " + text(status.sinceBrokerContact())
                            + ": no record is processed until it does. Nothing is lost");
        }
    }

    private void loop(LoopInfo loop) {
        if (loop.state().equals(FAILED)) {
            add(Finding.WORKER_FAILED, loop.name(), loop.name() + " has failed: the log says why");
            return;
        }
        if (!loop.joined()) {
            if (status.state() == WorkerState.RUNNING) {
                add(Finding.NOT_JOINED, loop.name(), loop.name() + " has not joined the group yet");
            }
        } else if (!brokerIsAway() && exceeds(loop.times().brokerContact(), BROKER_LIMIT)) {
            add(
                    Finding.LOOP_CUT_OFF,
                    loop.name(),
                    "Kafka has not answered the consumer of " + loop.name() + " for "
                            + text(loop.times().brokerContact()));
        }
        turns(loop);
        rollBacks(loop);
        if (exceeds(loop.times().waiting(), WAITING_LIMIT)) {
            add(
                    Finding.LOOP_WAITS,
                    loop.name(),
                    loop.name() + " has waited for a checkpoint for "
                            + text(loop.times().waiting()) + " and processes nothing meanwhile" + cause());
        }
        if (exceeds(loop.times().uncommitted(), status.surroundings().checkpointLimit())) {
            add(
                    Finding.CHECKPOINT_OVERDUE,
                    loop.name(),
                    loop.name() + " has had no checkpoint for "
                            + text(loop.times().uncommitted()) + ", overdue after "
                            + text(status.surroundings().checkpointLimit()) + cause());
        }
    }

    private void turns(LoopInfo loop) {
        if (exceeds(loop.times().turn(), SLOW_TURN)) {
            add(
                    exceeds(loop.times().turn(), LONGEST_TURN) && !brokerIsAway()
                            ? Finding.LOOP_HANGS
                            : Finding.LOOP_SLOW,
                    loop.name(),
                    loop.name() + " has not turned for " + text(loop.times().turn())
                            + ": it is inside a record or a call to Kafka");
        }
    }

    private void rollBacks(LoopInfo loop) {
        if (loop.rollBacks().withoutProgress() >= ROLL_BACKS_LIMIT) {
            boolean restartMayHelp = exceeds(loop.rollBacks().lasting(), LONGEST_ROLLING_BACK)
                    && !brokerIsAway()
                    && status.store().failing().isEmpty();
            add(
                    restartMayHelp ? Finding.ROLLS_BACK_FOR_LONG : Finding.ROLLS_BACK,
                    loop.name(),
                    loop.name() + " has rolled back " + loop.rollBacks().withoutProgress() + " times in "
                            + text(loop.rollBacks().lasting()) + " without progress: the log says why" + cause());
        }
    }

    /** The group assigns no partition of a topic that is gone, so that no partition could say it. */
    private void inputs() {
        for (String topic : new TreeSet<>(status.surroundings().missing().topics())) {
            add(
                    status.surroundings().missing().all() ? Finding.ALL_INPUTS_MISSING : Finding.INPUT_MISSING,
                    topic,
                    status.surroundings().missing().text(topic));
        }
    }

    private void partitions() {
        List<PartitionInfo> partitions = status.partitions();
        boolean allParked = !partitions.isEmpty()
                && partitions.stream().allMatch(partition -> partition.state() == PartitionState.PARKED);
        for (PartitionInfo partition : partitions) {
            if (partition.state() == PartitionState.PARKED) {
                add(
                        allParked ? Finding.ALL_PARKED : Finding.PARTITION_PARKED,
                        "partition-" + partition.number(),
                        "partition " + partition.number() + " is parked: " + partition.parkedBecause());
            } else if (partition.state() != PartitionState.RUNNING) {
                add(
                        Finding.PARTITION_RESTORING,
                        "partition-" + partition.number(),
                        "partition " + partition.number() + " is being restored");
            }
            partition
                    .retry()
                    .filter(retry -> exceeds(retry.lasting(), WAITING_LIMIT))
                    .ifPresent(retry -> add(
                            Finding.PARTITION_RETRYING,
                            "partition-" + partition.number(),
                            "partition " + partition.number() + " has tried the record " + retry.record()
                                    + " again for "
                                    + text(retry.lasting()) + ", which failed " + retry.failures() + " times ("
                                    + retry.stage() + "): " + retry.cause()));
        }
    }

    private void store() {
        for (StoreFailure failing : status.store().failing()) {
            if (failing.isConfirmed() && exceeds(failing.lasting(), STORE_LIMIT)) {
                add(Finding.STORE_FAILING, "store", text(failing));
            }
        }
    }

    private void owners() {
        status.surroundings().uncovered().ifPresent(uncovered -> new TreeMap<>(uncovered)
                .forEach((partition, since) -> {
                    if (exceeds(since, UNCOVERED_LIMIT)) {
                        add(
                                Finding.PARTITION_WITHOUT_OWNER,
                                partition,
                                "no worker has had " + partition + " for " + text(since)
                                        + ": start more workers, or look at" + " the log of those that run");
                    }
                }));
    }

    /** What keeps checkpoints from being stored, where that is known. */
    private String cause() {
        return status.store().failing().stream()
                .findFirst()
                .map(failing -> "; " + text(failing))
                .orElse("");
    }

    private static String text(StoreFailure failing) {
        return switch (failing.access()) {
                    case WRITE -> "writing to the store";
                    case READ -> "reading from the store";
                    case DELETE -> "deleting from the store";
                }
                + " has failed for " + text(failing.lasting()) + ": " + failing.message();
    }

    private void add(Finding finding, String subject, String text) {
        reasons.add(new Reason(finding, subject, text));
    }

    private static boolean exceeds(Duration duration, Duration limit) {
        return duration.compareTo(limit) > 0;
    }

    private static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
