package dev.cairn.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.status.JobFacts;
import dev.cairn.worker.status.JobFacts.WorkerReport;
import dev.cairn.worker.status.JobJudge;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.MissingInputs;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;
import dev.cairn.worker.status.WorkerStatus.Identity;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;
import dev.cairn.worker.status.WorkerStatus.Standing;
import dev.cairn.worker.status.WorkerStatus.Surroundings;

/** Judges the job by what its workers have answered. Thread-safe. */
final class JobJudgements {

    private final Uncovered uncovered;

    JobJudgements(LongSupplier nanoTime) {
        this.uncovered = new Uncovered(nanoTime);
    }

    /**
     * @param partitions how many the inputs have; 0 where that is not known
     */
    Judgement judge(List<WorkerView> workers, int partitions) {
        Set<Integer> missing =
                new TreeSet<>(IntStream.range(0, partitions).boxed().toList());
        workers.stream().filter(WorkerView::reachable).forEach(worker -> missing.removeAll(worker.partitions()));
        return JobJudge.judge(new JobFacts(
                workers.stream().map(JobJudgements::report).toList(),
                partitions == 0 ? Optional.empty() : Optional.of(uncovered.look(missing))));
    }

    private static WorkerReport report(WorkerView worker) {
        Set<Integer> partitions = Set.copyOf(worker.partitions());
        return worker.reachable()
                ? new WorkerReport(worker.instance(), Optional.of(judgement(worker)), partitions)
                : new WorkerReport(worker.instance(), Optional.empty(), partitions, worker.absence());
    }

    /** The worker's own; one of an older version says nothing but where it and its partitions stand. */
    private static Judgement judgement(WorkerView worker) {
        if (worker.condition() == null) {
            return ofOlder(worker);
        }
        JobState state = Arrays.stream(JobState.values())
                .filter(known -> known.name().equals(worker.condition()))
                .findFirst()
                .orElse(JobState.DEGRADED);
        return new Judgement(
                state,
                worker.reasons() == null
                        ? List.of()
                        : worker.reasons().stream().map(ReasonView::reason).toList(),
                worker.unknown() == null ? List.of() : worker.unknown());
    }

    private static Judgement ofOlder(WorkerView worker) {
        List<PartitionView> partitions = worker.partitionDetails() == null ? List.of() : worker.partitionDetails();
        Judgement known = new WorkerStatus(
                        new Identity("", worker.instance(), "", Instant.EPOCH),
                        switch (worker.state()) {
                            case RUNNING, PAUSED -> WorkerState.RUNNING;
                            case STARTING -> WorkerState.STARTING;
                            case STOPPING -> WorkerState.STOPPING;
                            case FAILED -> WorkerState.FAILED;
                        },
                        worker.isPaused(),
                        List.of(),
                        partitions.stream().map(JobJudgements::info).toList(),
                        new Surroundings(
                                Duration.ZERO,
                                StoreStatus.UNKNOWN,
                                MissingInputs.NONE,
                                Optional.of(Map.of()),
                                Duration.ZERO))
                .judgement();
        return new Judgement(
                known.state(),
                known.reasons(),
                List.of("whether Kafka and the store answer " + worker.instance() + ", which is of an older version"));
    }

    private static PartitionInfo info(PartitionView partition) {
        return PartitionInfo.of(
                partition.partition(),
                new Standing(
                        partition.state(),
                        Instant.ofEpochMilli(partition.since()),
                        partition.parked() == null ? "" : partition.parked().cause()));
    }
}
