package dev.cairn.worker.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.storage.StoreFailure;
import dev.cairn.storage.StoreFault;
import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.status.LoopInfo.Checkpoints;
import dev.cairn.worker.status.LoopInfo.RollBacks;
import dev.cairn.worker.status.LoopInfo.Times;
import dev.cairn.worker.status.LoopInfo.Transactions;
import dev.cairn.worker.status.LoopInfo.Work;
import dev.cairn.worker.status.WorkerStatus.Identity;
import dev.cairn.worker.status.WorkerStatus.InputInfo;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;
import dev.cairn.worker.status.WorkerStatus.RetryInfo;
import dev.cairn.worker.status.WorkerStatus.Standing;
import dev.cairn.worker.status.WorkerStatus.Surroundings;

/** Each judgement against its situation. */
class WorkerJudgeTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** A situation, and what follows. */
    enum Situation {
        ALL_WELL(JobState.RUNNING, "live, ready", "", facts -> facts),
        IDLE_WITHOUT_PARTITIONS(JobState.RUNNING, "live, ready", "", facts -> facts.partitions()),
        STARTING(JobState.STARTING, "live", "the worker is starting", facts -> facts.state(WorkerState.STARTING)),
        NOT_JOINED(
                JobState.STARTING, "live", "cairn-loop-0 has not joined the group yet", facts -> facts.joined(false)),
        BROKER_SLOW(JobState.RUNNING, "live, ready", "", facts -> facts.broker(9)),
        BROKER_GONE(JobState.UNREACHABLE, "live", "Kafka has not answered for 105 s", facts -> facts.broker(105)
                .unknownLag()
                .unknownOwners()),
        BROKER_GONE_FOR_AN_HOUR_WHILE_LOOP_WAITS_FOR_IT(
                JobState.UNREACHABLE, "live", "Kafka has not answered for 3600 s", facts -> facts.broker(3600)
                        .sinceTurn(3600)
                        .rollBacks(900, 3600)),
        BROKER_GONE_BEFORE_JOINING(
                JobState.UNREACHABLE, "live", "has not joined the group yet", facts -> facts.broker(30)
                        .joined(false)),
        ONE_LOOP_CUT_OFF(
                JobState.DEGRADED, "live", "the consumer of cairn-loop-0 for 30 s", facts -> facts.loopBroker(30)),
        STORE_HICCUP(JobState.RUNNING, "live, ready", "", facts -> facts.store(StoreFailure.Access.WRITE, 3)),
        STORE_GONE(
                JobState.DEGRADED,
                "live",
                "writing to the store has failed for 20 s: no space left",
                facts -> facts.store(StoreFailure.Access.WRITE, 20)),
        STORE_GONE_AND_MEMORY_FULL(
                JobState.STALLED,
                "live",
                "cairn-loop-0 has waited for a checkpoint for 40 s and processes nothing meanwhile; writing to the"
                        + " store has failed for 60 s: no space left",
                facts -> facts.store(StoreFailure.Access.WRITE, 60).waiting(40)),
        STORE_GONE_FOR_LONG(
                JobState.STALLED,
                "live",
                "no checkpoint for 400 s, overdue after 60 s; writing to the store has failed for 400 s: no space left",
                facts -> facts.store(StoreFailure.Access.WRITE, 400)
                        .uncommitted(400)
                        .rollBacks(9, 399)),
        CHECKPOINT_OVERDUE(
                JobState.STALLED, "live", "no checkpoint for 61 s, overdue after 60 s", facts -> facts.uncommitted(61)),
        ONE_DELETION_FAILED(
                JobState.RUNNING,
                "live, ready",
                "",
                facts -> facts.store(StoreFailure.Access.DELETE, StoreFault.TRANSIENT, 60, 1)),
        DELETIONS_FAIL(
                JobState.DEGRADED,
                "live",
                "deleting from the store has failed for 60 s: no space left",
                facts -> facts.store(StoreFailure.Access.DELETE, StoreFault.TRANSIENT, 60, 2)),
        DELETIONS_DENIED(
                JobState.DEGRADED,
                "live",
                "deleting from the store has failed for 60 s: no space left",
                facts -> facts.store(StoreFailure.Access.DELETE, StoreFault.DENIED, 60, 1)),
        PARTITION_WITHOUT_OWNER(
                JobState.DEGRADED,
                "live, ready",
                "no worker has had orders-3 for 20 s",
                facts -> facts.uncovered(Map.of("orders-3", Duration.ofSeconds(20)))),
        PARTITION_MOVING(
                JobState.RUNNING,
                "live, ready",
                "",
                facts -> facts.uncovered(Map.of("orders-3", Duration.ofSeconds(5)))),
        RECORD_TRIED_AGAIN_ONCE(JobState.RUNNING, "live, ready", "", facts -> facts.retrying(3)),
        RECORD_TRIED_AGAIN(
                JobState.DEGRADED,
                "live, ready",
                "partition 0 has tried the record orders-0@7 again for 20 s, which failed 4 times (process): com.example.Busy",
                facts -> facts.retrying(20)),
        ONE_PARKED(JobState.DEGRADED, "live", "partition 1 is parked: chk-7 is damaged", facts -> facts.partitions(
                        PartitionState.RUNNING, PartitionState.PARKED)
                .unknownLag()),
        ALL_PARKED(
                JobState.PARKED,
                "live",
                "partition 0 is parked: chk-7 is damaged; partition 1 is parked: chk-7 is damaged",
                facts -> facts.partitions(PartitionState.PARKED, PartitionState.PARKED)
                        .unknownLag()),
        ONE_OF_TWO_INPUTS_GONE(
                JobState.DEGRADED,
                "live",
                "the input payments does not exist any more: the job processes no record of it until it does",
                facts -> facts.missing(new MissingInputs(Set.of("payments"), false))
                        .unknownLag()),
        ALL_INPUTS_GONE(
                JobState.PARKED,
                "live",
                "the input orders does not exist any more: the job processes nothing until it does",
                facts -> facts.partitions()
                        .missing(new MissingInputs(Set.of("orders"), true))
                        .unknownLag()),
        RESTORING(JobState.RESTORING, "live", "partition 1 is being restored", facts -> facts.partitions(
                        PartitionState.RUNNING, PartitionState.RESTORING)
                .unknownLag()),
        RESTORING_AND_PARKED(JobState.DEGRADED, "live", "is parked", facts -> facts.partitions(
                        PartitionState.PARKED, PartitionState.RESTORING)
                .unknownLag()),
        LOOP_WAITS_A_MOMENT(JobState.RUNNING, "live, ready", "", facts -> facts.waiting(3)),
        LOOP_STALLED(JobState.STALLED, "live", "has waited for a checkpoint for 11 s", facts -> facts.waiting(11)),
        LOOP_SLOW(JobState.STALLED, "live", "cairn-loop-0 has not turned for 31 s", facts -> facts.sinceTurn(31)),
        LOOP_HANGS(JobState.STALLED, "", "cairn-loop-0 has not turned for 301 s", facts -> facts.sinceTurn(301)),
        ROLLED_BACK_ONCE(JobState.RUNNING, "live, ready", "", facts -> facts.rollBacks(1, 20)),
        ROLLS_BACK_WITHOUT_PROGRESS(
                JobState.STALLED,
                "live",
                "cairn-loop-0 has rolled back 2 times in 2 s without progress",
                facts -> facts.rollBacks(2, 2)),
        ROLLS_BACK_WITHOUT_PROGRESS_FOR_LONG(
                JobState.STALLED,
                "",
                "cairn-loop-0 has rolled back 600 times in 301 s without progress",
                facts -> facts.rollBacks(600, 301)),
        PAUSED(JobState.PAUSED, "live, ready", "the worker is paused", facts -> facts.pausedNow()),
        PAUSED_AND_ONE_PARKED(JobState.DEGRADED, "live", "the worker is paused", facts -> facts.pausedNow()
                .partitions(PartitionState.RUNNING, PartitionState.PARKED)
                .unknownLag()),
        STOPPING(JobState.STOPPING, "live", "takes its last checkpoint", facts -> facts.state(WorkerState.STOPPING)),
        FAILED(JobState.FAILED, "", "the worker has failed", facts -> facts.state(WorkerState.FAILED)),
        LOOP_FAILED(JobState.FAILED, "", "cairn-loop-0 has failed", facts -> facts.loopFailed());

        private final JobState state;
        private final String probes;
        private final String text;

        @SuppressWarnings("ImmutableEnumChecker") // They are pure functions.
        private final UnaryOperator<FactsBuilder> change;

        Situation(JobState state, String probes, String text, UnaryOperator<FactsBuilder> change) {
            this.state = state;
            this.probes = probes;
            this.text = text;
            this.change = change;
        }

        WorkerStatus status() {
            return change.apply(new FactsBuilder()).build();
        }

        boolean lagKnown() {
            return change.apply(new FactsBuilder()).lagKnown;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldJudgeEachSituation(Situation situation) {
        // When
        Judgement judgement = WorkerJudge.judge(situation.status());

        // Then
        assertThat(judgement.state()).as(judgement.text()).isEqualTo(situation.state);
        assertThat(Stream.of(judgement.isLive() ? "live" : "", judgement.isReady() ? "ready" : "")
                        .filter(up -> !up.isEmpty())
                        .collect(Collectors.joining(", ")))
                .as(judgement.text())
                .isEqualTo(situation.probes);
        assertThat(judgement.text()).contains(situation.text);
        assertThat(judgement.reasons().isEmpty()).isEqualTo(situation.text.isEmpty());
        assertThat(judgement.unknown().contains(Judgement.LAG)).isEqualTo(!situation.lagKnown());
    }

    @Test
    void shouldHaveASituationForEveryFindingOfAWorker() {
        assertThat(Stream.of(Situation.values())
                        .flatMap(situation -> WorkerJudge.judge(situation.status()).reasons().stream())
                        .map(Reason::finding))
                .containsAll(Stream.of(Finding.values())
                        .filter(finding ->
                                !finding.meaning().endsWith("Of jobs only.") && finding != Finding.PARTITION_MOVING)
                        .toList());
    }

    @Test
    @Tag("rule-S9")
    void shouldNameTheWorstFirstAndWhatIsUnknown() {
        // When
        Judgement judgement = WorkerJudge.judge(new FactsBuilder()
                .partitions(PartitionState.PARKED, PartitionState.RUNNING)
                .broker(60)
                .unknownLag()
                .unknownOwners()
                .build());

        // Then
        assertThat(judgement.reasons().stream().map(Reason::finding))
                .containsExactly(Finding.BROKER_UNREACHABLE, Finding.PARTITION_PARKED);
        assertThat(judgement.reasons().stream().map(Reason::subject)).containsExactly("kafka", "partition-0");
        assertThat(judgement.unknown()).containsExactly(Judgement.LAG, Judgement.OWNERS);
    }

    @Test
    void shouldNameThreeOfManyAndCountTheOthers() {
        // When
        Judgement judgement = WorkerJudge.judge(new FactsBuilder()
                .partitions(Collections.nCopies(100, PartitionState.PARKED).toArray(PartitionState[]::new))
                .pausedNow()
                .build());

        // Then
        assertThat(judgement.reasons()).hasSize(101);
        assertThat(judgement.text())
                .isEqualTo("partition 0 is parked: chk-7 is damaged; partition 1 is parked: chk-7 is damaged;"
                        + " partition 2 is parked: chk-7 is damaged; and 97 more: ALL_PARKED; the worker is paused: it"
                        + " processes no record until the job is resumed");
    }

    /** The facts of a worker that is well, and what is different. */
    static final class FactsBuilder {

        private WorkerState state = WorkerState.RUNNING;
        private boolean paused;
        private boolean failed;
        private boolean joined = true;
        private long sinceTurn;
        private long waiting;
        private long uncommitted;
        private int rollBacks;
        private long rollingBack;
        private long broker = 1;
        private long loopBroker = 1;
        private StoreStatus store = new StoreStatus(Optional.of(Duration.ofSeconds(3)), List.of());
        private PartitionState[] stages = {PartitionState.RUNNING, PartitionState.RUNNING};
        private Optional<Map<String, Duration>> uncovered = Optional.of(Map.of());
        private MissingInputs missing = MissingInputs.NONE;
        private Optional<RetryInfo> retry = Optional.empty();
        private boolean lagKnown = true;

        FactsBuilder state(WorkerState now) {
            state = now;
            return this;
        }

        FactsBuilder pausedNow() {
            paused = true;
            return this;
        }

        FactsBuilder loopFailed() {
            failed = true;
            return this;
        }

        FactsBuilder joined(boolean now) {
            joined = now;
            return this;
        }

        FactsBuilder sinceTurn(long seconds) {
            sinceTurn = seconds;
            return this;
        }

        FactsBuilder waiting(long seconds) {
            waiting = seconds;
            return this;
        }

        FactsBuilder uncommitted(long seconds) {
            uncommitted = seconds;
            return this;
        }

        FactsBuilder rollBacks(int count, long seconds) {
            rollBacks = count;
            rollingBack = seconds;
            return this;
        }

        FactsBuilder broker(long seconds) {
            broker = seconds;
            loopBroker = seconds;
            return this;
        }

        FactsBuilder loopBroker(long seconds) {
            loopBroker = seconds;
            return this;
        }

        FactsBuilder store(StoreFailure.Access access, long seconds) {
            return store(access, StoreFault.NO_SPACE, seconds, 1);
        }

        FactsBuilder store(StoreFailure.Access access, StoreFault fault, long seconds, long attempts) {
            store = new StoreStatus(
                    Optional.of(Duration.ofSeconds(seconds)),
                    List.of(new StoreFailure(access, fault, "no space left", Duration.ofSeconds(seconds), attempts)));
            return this;
        }

        FactsBuilder partitions(PartitionState... now) {
            stages = now;
            return this;
        }

        /** The first partition tries a record again. */
        FactsBuilder retrying(long seconds) {
            retry = Optional.of(new RetryInfo(
                    "orders-0@7", "process", "com.example.Busy", 4, Duration.ofSeconds(seconds), Instant.EPOCH));
            return this;
        }

        FactsBuilder uncovered(Map<String, Duration> now) {
            uncovered = Optional.of(now);
            return this;
        }

        FactsBuilder missing(MissingInputs now) {
            missing = now;
            return this;
        }

        FactsBuilder unknownOwners() {
            uncovered = Optional.empty();
            return this;
        }

        FactsBuilder unknownLag() {
            lagKnown = false;
            return this;
        }

        WorkerStatus build() {
            return new WorkerStatus(
                    new Identity("orders", "worker-1", "1", Instant.EPOCH),
                    state,
                    paused,
                    List.of(new LoopInfo(
                            0,
                            failed ? "FAILED" : "RUNNING",
                            joined,
                            new Times(
                                    Duration.ofSeconds(sinceTurn),
                                    Duration.ofSeconds(uncommitted),
                                    Duration.ofSeconds(waiting),
                                    Duration.ofSeconds(loopBroker)),
                            new Work(0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0, 0),
                            new Checkpoints(0, 0, 0, Optional.empty()),
                            new RollBacks(rollBacks, rollBacks, Duration.ofSeconds(rollingBack)),
                            new Transactions(0, 0, 0))),
                    IntStream.range(0, stages.length).mapToObj(this::partition).toList(),
                    new Surroundings(Duration.ofSeconds(broker), store, missing, uncovered, LIMIT));
        }

        private PartitionInfo partition(int number) {
            PartitionState stage = stages[number];
            OptionalLong lag = lagKnown ? OptionalLong.of(0) : OptionalLong.empty();
            return new PartitionInfo(
                    number,
                    0,
                    new Standing(
                            stage,
                            Instant.EPOCH,
                            stage == PartitionState.PARKED ? "chk-7 is damaged" : "",
                            number == 0 ? retry : Optional.empty()),
                    List.of(new InputInfo("orders", 0, 0, lag)),
                    WorkerStatus.StateInfo.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }
}
