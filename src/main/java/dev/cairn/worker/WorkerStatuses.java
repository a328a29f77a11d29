package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.loop.LoopStatus;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.WorkerFacts;
import dev.cairn.worker.status.WorkerFacts.PartitionFacts.Stage;
import dev.cairn.worker.status.WorkerJudge;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;
import dev.cairn.worker.status.WorkerStatus.CheckpointInfo;
import dev.cairn.worker.status.WorkerStatus.LoopInfo;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;

/** Takes the picture of a worker that others see, from its loops and from what it depends on. */
final class WorkerStatuses {

    private WorkerStatuses() {}

    /**
     * What those that watch a worker know of what it depends on.
     *
     * @param checkpointLimit how old the oldest change without a checkpoint may be
     */
    record Surroundings(
            Duration sinceBrokerContact,
            StoreStatus store,
            WorkerFacts.MissingInputs missing,
            Optional<Map<String, Duration>> uncovered,
            Duration checkpointLimit) {}

    static WorkerStatus of(
            String job,
            String instance,
            String version,
            Instant startedAt,
            WorkerState state,
            boolean paused,
            List<Loop> workers,
            Surroundings surroundings) {
        List<LoopInfo> loops = workers.stream().map(WorkerStatuses::info).toList();
        List<PartitionInfo> partitions = new ArrayList<>();
        workers.forEach(loop -> {
            boolean lagIsKnown = loop.status().knowsLag();
            loop.status().tasks().forEach(task -> partitions.add(task.info(loop.number(), lagIsKnown)));
        });
        OptionalLong lag = surroundings.missing().topics().isEmpty()
                ? WorkerStatus.sum(partitions.stream().map(PartitionInfo::lag))
                : OptionalLong.empty();
        Duration sinceBrokerContact = workers.stream()
                .map(loop -> loop.status().broker().sinceContact())
                .reduce(surroundings.sinceBrokerContact(), (one, other) -> one.compareTo(other) < 0 ? one : other);
        return new WorkerStatus(
                job,
                instance,
                version,
                startedAt,
                state,
                paused,
                loops,
                partitions,
                loops.stream().mapToLong(LoopInfo::records).sum(),
                lag,
                loops.stream().mapToLong(LoopInfo::checkpoints).sum(),
                loops.stream().mapToLong(LoopInfo::failedCheckpoints).sum(),
                loops.stream().mapToLong(LoopInfo::rollBacks).sum(),
                summary(partitions, workers),
                sinceBrokerContact,
                surroundings.store(),
                surroundings.uncovered(),
                WorkerJudge.judge(new WorkerFacts(
                        switch (state) {
                            case CREATED, STARTING -> WorkerFacts.Phase.STARTING;
                            case RUNNING -> WorkerFacts.Phase.RUNNING;
                            case STOPPING, STOPPED -> WorkerFacts.Phase.STOPPING;
                            case FAILED -> WorkerFacts.Phase.FAILED;
                        },
                        paused,
                        loops.stream().map(WorkerStatuses::facts).toList(),
                        partitions.stream().map(WorkerStatuses::facts).toList(),
                        sinceBrokerContact,
                        surroundings.store(),
                        surroundings.missing(),
                        surroundings.uncovered(),
                        lag.isPresent(),
                        surroundings.checkpointLimit())));
    }

    private static LoopInfo info(Loop loop) {
        LoopStatus status = loop.status();
        return new LoopInfo(
                loop.number(),
                "cairn-loop-" + loop.number(),
                loop.state().name(),
                loop.hasJoined(),
                status.sinceLastTurn(),
                status.sinceLastCheckpoint(),
                status.isStalled(),
                status.records(),
                status.pollTime(),
                status.processTime(),
                status.completed(),
                status.failed(),
                status.inFlight(),
                status.rollBacks(),
                status.waiting(),
                status.rollBacksWithoutProgress(),
                status.rollingBack(),
                status.broker().sinceContact());
    }

    private static WorkerFacts.LoopFacts facts(LoopInfo loop) {
        return new WorkerFacts.LoopFacts(
                loop.name(),
                loop.state().equals(Loop.State.FAILED.name()),
                loop.joined(),
                loop.sinceLastTurn(),
                loop.waiting(),
                loop.sinceLastCheckpoint(),
                loop.rollBacksWithoutProgress(),
                loop.rollingBack(),
                loop.sinceBrokerContact());
    }

    private static WorkerFacts.PartitionFacts facts(PartitionInfo partition) {
        return new WorkerFacts.PartitionFacts(
                partition.number(),
                switch (partition.state()) {
                    case RUNNING -> Stage.RUNNING;
                    case PARKED -> Stage.PARKED;
                    case RESTORING, CLOSED -> Stage.RESTORING;
                },
                partition.parkedBecause());
    }

    private static Optional<CheckpointInfo> summary(List<PartitionInfo> partitions, List<Loop> workers) {
        List<CheckpointReport> reports = workers.stream()
                .map(loop -> loop.status().lastCompleted())
                .filter(Objects::nonNull)
                .toList();
        List<CheckpointReport.Part> parts = partitions.stream()
                .flatMap(partition -> partition.lastCheckpoint().stream())
                .toList();
        if (reports.isEmpty() || parts.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CheckpointInfo(
                parts.stream().mapToLong(CheckpointReport.Part::number).max().orElseThrow(),
                parts.size(),
                parts.stream().mapToLong(CheckpointReport.Part::deltaBytes).sum(),
                parts.stream().mapToLong(CheckpointReport.Part::fullBytes).sum(),
                longest(reports, CheckpointReport::freeze),
                longest(reports, CheckpointReport::duration)));
    }

    private static Duration longest(
            List<CheckpointReport> reports, java.util.function.Function<CheckpointReport, Duration> duration) {
        return reports.stream().map(duration).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
