package dev.cairn.worker.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.worker.status.JobFacts.WorkerReport;

/** Each judgement of a job against its workers. */
class JobJudgeTest {

    /** Two workers with partitions, where nothing else is said. */
    enum Situation {
        ALL_WELL(JobState.RUNNING, finding(null), finding(null)),
        ONE_UNREACHABLE(JobState.DEGRADED, finding(Finding.BROKER_UNREACHABLE), finding(null)),
        ALL_UNREACHABLE(JobState.UNREACHABLE, finding(Finding.BROKER_UNREACHABLE), finding(Finding.BROKER_UNREACHABLE)),
        ONE_STALLED(JobState.DEGRADED, finding(Finding.LOOP_WAITS), finding(null)),
        ALL_STALLED(JobState.STALLED, finding(Finding.LOOP_WAITS), finding(Finding.ROLLS_BACK)),
        ONE_WITH_ALL_PARKED(JobState.DEGRADED, finding(Finding.ALL_PARKED), finding(null)),
        ALL_PARKED(JobState.PARKED, finding(Finding.ALL_PARKED), finding(Finding.ALL_PARKED)),
        ONE_RESTORES(JobState.RESTORING, finding(Finding.PARTITION_RESTORING), finding(null)),
        ONE_STARTS(JobState.RUNNING, finding(Finding.NOT_JOINED), finding(null)),
        ALL_START(JobState.STARTING, finding(Finding.NOT_JOINED), finding(Finding.NOT_JOINED)),
        ALL_PAUSED(JobState.PAUSED, finding(Finding.PAUSED), finding(Finding.PAUSED)),
        ONE_STOPS(JobState.RUNNING, finding(Finding.STOPPING), finding(null)),
        ALL_STOP(JobState.STOPPING, finding(Finding.STOPPING), finding(Finding.STOPPING)),
        ONE_FAILED(JobState.DEGRADED, finding(Finding.WORKER_FAILED), finding(null)),
        ONE_AWAY(JobState.DEGRADED, Optional.empty(), finding(null)),
        ONE_AWAY_AND_THE_OTHER_UNREACHABLE(JobState.UNREACHABLE, Optional.empty(), finding(Finding.BROKER_UNREACHABLE));

        private final JobState state;

        @SuppressWarnings("ImmutableEnumChecker") // It comes from List.of.
        private final List<Optional<Judgement>> judgements;

        Situation(JobState state, Optional<Judgement> one, Optional<Judgement> other) {
            this.state = state;
            this.judgements = List.of(one, other);
        }

        private static Optional<Judgement> finding(Finding finding) {
            return Optional.of(Judgement.of(
                    finding == null ? List.of() : List.of(new Reason(finding, "it", "something is found")), List.of()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldJudgeEachSituation(Situation situation) {
        // Given
        List<WorkerReport> workers = new ArrayList<>();
        for (Optional<Judgement> judgement : situation.judgements) {
            int number = workers.size();
            workers.add(new WorkerReport("worker-" + number, judgement, Set.of(number)));
        }

        // When
        Judgement judgement = JobJudge.judge(new JobFacts(workers, Optional.of(Map.of())));

        // Then
        assertThat(judgement.state()).as(judgement.text()).isEqualTo(situation.state);
        assertThat(judgement.reasons().isEmpty()).isEqualTo(situation == Situation.ALL_WELL);
    }

    @Test
    void shouldSayWhichPartitionsAWorkerThatDoesNotAnswerLastHad() {
        // When
        Judgement judgement = JobJudge.judge(new JobFacts(
                List.of(
                        new WorkerReport("worker-1", Optional.of(well()), Set.of(0, 1)),
                        new WorkerReport("worker-2", Optional.empty(), Set.of(3, 2))),
                Optional.of(Map.of(2, Duration.ofSeconds(60), 3, Duration.ofSeconds(60)))));

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.DEGRADED);
        assertThat(judgement.text()).isEqualTo("worker-2 does not answer; the group last gave it partitions 2, 3");
        assertThat(judgement.unknown()).containsExactly(Judgement.LAG);
    }

    @Test
    @Tag("rule-S9")
    void shouldNamePartitionsThatNoWorkerHas() {
        // Given
        WorkerReport worker = new WorkerReport("worker-1", Optional.of(well()), Set.of(0));

        // When
        Judgement moving = JobJudge.judge(new JobFacts(List.of(worker), Optional.of(Map.of(1, Duration.ofSeconds(5)))));
        Judgement left = JobJudge.judge(new JobFacts(List.of(worker), Optional.of(Map.of(1, Duration.ofSeconds(16)))));
        Judgement unknown = JobJudge.judge(new JobFacts(List.of(worker), Optional.empty()));

        // Then
        assertThat(moving.state()).isEqualTo(JobState.RESTORING);
        assertThat(moving.text()).isEqualTo("partition 1 is moving: no worker has it at the moment");
        assertThat(left.state()).isEqualTo(JobState.DEGRADED);
        assertThat(left.text()).isEqualTo("no worker has had partition 1 for 16 s");
        assertThat(unknown.state()).isEqualTo(JobState.RUNNING);
        assertThat(unknown.unknown()).containsExactly(Judgement.OWNERS);
    }

    @Test
    void shouldJudgeByTheWorkersThatHavePartitions() {
        // Given
        Judgement parked =
                Judgement.of(List.of(new Reason(Finding.ALL_PARKED, "partition-0", "it is parked")), List.of());

        // When
        Judgement judgement = JobJudge.judge(new JobFacts(
                List.of(
                        new WorkerReport("worker-1", Optional.of(parked), Set.of(0)),
                        new WorkerReport("worker-2", Optional.of(well()), Set.of())),
                Optional.of(Map.of())));

        // Then
        assertThat(judgement.state()).isEqualTo(JobState.PARKED);
        assertThat(judgement.text()).isEqualTo("worker-1: it is parked");
    }

    private static Judgement well() {
        return Judgement.of(List.of(), List.of());
    }
}
