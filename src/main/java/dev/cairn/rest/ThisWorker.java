package dev.cairn.rest;

import java.util.List;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.worker.CheckpointReport;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.WorkerStatus;
import dev.cairn.worker.WorkerStatus.LoopInfo;
import dev.cairn.worker.WorkerStatus.PartitionInfo;

/** The worker in this process, as it is shown. */
@ApplicationScoped
class ThisWorker {

    private final WorkerLifecycle lifecycle;
    private final RecordRate rate;
    private final RecentEvents events;

    ThisWorker(WorkerLifecycle lifecycle, RecordRate rate, RecentEvents events) {
        this.lifecycle = lifecycle;
        this.rate = rate;
        this.events = events;
    }

    /** The worker itself. @throws io.quarkiverse.resteasy.problem.HttpProblem when it has not started yet */
    Worker worker() {
        return lifecycle.worker().orElseThrow(() -> Problems.notYet("the worker is being started"));
    }

    /** What it is doing, with its partitions. */
    WorkerView view() {
        WorkerStatus status = worker().status();
        long now = System.currentTimeMillis();
        Runtime machine = Runtime.getRuntime();
        return new WorkerView(
                status.instance(),
                null,
                true,
                true,
                ShownState.of(status.state(), status.paused()),
                status.version(),
                status.startedAt().toEpochMilli(),
                status.records(),
                rate.perSecond(),
                status.lag(),
                status.loops().stream().map(ThisWorker::view).toList(),
                status.partitions().stream().map(PartitionInfo::number).sorted().toList(),
                machine.totalMemory() - machine.freeMemory(),
                machine.maxMemory(),
                null,
                status.loops().stream().mapToLong(LoopInfo::checkpointsInFlight).sum(),
                status.partitions().stream()
                        .map(partition -> view(status.instance(), partition, now))
                        .toList());
    }

    private static WorkerView.LoopView view(LoopInfo loop) {
        return new WorkerView.LoopView(
                loop.name(),
                loop.state(),
                loop.joined(),
                loop.stalled(),
                loop.sinceLastTurn().toMillis());
    }

    private PartitionView view(String worker, PartitionInfo partition, long now) {
        return new PartitionView(
                partition.number(),
                worker,
                partition.state(),
                partition.since().toEpochMilli(),
                partition.lag(),
                partition.inputs().stream()
                        .map(input -> new PartitionView.InputView(
                                input.topic(), input.position(), input.committed(), input.lag()))
                        .toList(),
                partition
                        .lastCheckpoint()
                        .map(part -> view(partition.loop(), part))
                        .orElse(null),
                partition
                        .restore()
                        .map(restore -> PartitionView.RestoreView.of(
                                restore.bytesDone(),
                                restore.bytesTotal(),
                                restore.startedAt().toEpochMilli(),
                                now))
                        .orElse(null),
                partition.parkedBecause().isEmpty() ? null : new PartitionView.ParkedView(partition.parkedBecause()));
    }

    private PartitionView.CheckpointView view(int loop, CheckpointReport.Part part) {
        return new PartitionView.CheckpointView(
                part.number(), part.path(), part.deltaBytes(), part.fullBytes(), triggered(loop, part));
    }

    /** Empty where that is too long ago to be known. */
    private Long triggered(int loop, CheckpointReport.Part part) {
        String worker = worker().settings().job().instance();
        List<CheckpointRow> rows = events.checkpoints();
        return rows.stream()
                .filter(row -> row.loop() == loop && row.worker().equals(worker))
                .filter(row -> row.partitions().stream()
                        .anyMatch(found -> found.partition() == part.partition() && found.id() == part.number()))
                .map(CheckpointRow::triggerTimestamp)
                .findFirst()
                .orElse(null);
    }
}
