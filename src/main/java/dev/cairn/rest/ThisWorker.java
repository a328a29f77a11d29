package dev.cairn.rest;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.fleet.FleetEvent;
import dev.cairn.fleet.History;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.WorkerStatus;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;

/** The worker in this process, as it is shown. */
@ApplicationScoped
class ThisWorker {

    private final WorkerLifecycle lifecycle;
    private final RecordRate rate;
    private final History history;

    ThisWorker(WorkerLifecycle lifecycle, RecordRate rate, History history) {
        this.lifecycle = lifecycle;
        this.rate = rate;
        this.history = history;
    }

    /** The worker itself. @throws io.quarkiverse.resteasy.problem.HttpProblem when it has not started yet */
    Worker worker() {
        return lifecycle.worker().orElseThrow(() -> Problems.notYet("the worker is being started"));
    }

    /** What it is doing, with its partitions. */
    WorkerView view() {
        WorkerStatus status = worker().status();
        long now = System.currentTimeMillis();
        Map<PartRef, Instant> triggered = triggered();
        Runtime machine = Runtime.getRuntime();
        return new WorkerView(
                status.identity().instance(),
                null,
                true,
                true,
                ShownState.of(status.state(), status.paused()),
                status.identity().version(),
                status.identity().startedAt().toEpochMilli(),
                status.records(),
                rate.perSecond(),
                known(status.lag()),
                status.loops().stream().map(ThisWorker::view).toList(),
                status.partitions().stream().map(PartitionInfo::number).sorted().toList(),
                machine.totalMemory() - machine.freeMemory(),
                machine.maxMemory(),
                Math.round(status.stateCacheHitRatio() * 1_000) / 1_000.0,
                status.checkpointsInFlight(),
                status.partitions().stream()
                        .map(partition -> view(status.identity().instance(), partition, now, triggered))
                        .toList(),
                status.judgement().state().name(),
                status.judgement().reasons().stream().map(ReasonView::of).toList(),
                status.judgement().unknown(),
                status.sinceBrokerContact().toMillis(),
                StoreView.of(status.store()));
    }

    private static Long known(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static WorkerView.LoopView view(LoopInfo loop) {
        return new WorkerView.LoopView(
                loop.name(),
                loop.state(),
                loop.joined(),
                loop.stalled(),
                loop.times().turn().toMillis());
    }

    private static PartitionView view(
            String worker, PartitionInfo partition, long now, Map<PartRef, Instant> triggered) {
        return new PartitionView(
                partition.number(),
                worker,
                partition.loop(),
                partition.state(),
                partition.standing().since().toEpochMilli(),
                known(partition.lag()),
                partition.inputs().stream()
                        .map(input -> new PartitionView.InputView(
                                input.topic(), input.position(), input.committed(), known(input.lag())))
                        .toList(),
                partition.lastCheckpoint().map(part -> view(part, triggered)).orElse(null),
                partition
                        .restored()
                        .map(from -> new PartitionView.RestoredView(
                                from.number(), from.source().name(), from.at().toEpochMilli()))
                        .orElse(null),
                partition
                        .restore()
                        .map(restore -> PartitionView.RestoreView.of(
                                restore.bytesDone(),
                                restore.bytesTotal(),
                                restore.startedAt().toEpochMilli(),
                                now))
                        .orElse(null),
                partition.parkedBecause().isEmpty() ? null : new PartitionView.ParkedView(partition.parkedBecause()),
                partition
                        .retry()
                        .map(retry -> new PartitionView.RetryView(
                                retry.record(),
                                retry.stage(),
                                retry.cause(),
                                retry.failures(),
                                retry.lasting().toMillis(),
                                retry.nextAt().toEpochMilli()))
                        .orElse(null));
    }

    private static PartitionView.CheckpointView view(CheckpointReport.Part part, Map<PartRef, Instant> triggered) {
        Instant since = triggered.get(PartRef.of(part));
        return new PartitionView.CheckpointView(
                part.number(),
                part.path(),
                part.deltaBytes(),
                part.fullBytes(),
                since == null ? null : since.toEpochMilli());
    }

    /** When the checkpoints of the history were triggered. */
    private Map<PartRef, Instant> triggered() {
        Map<PartRef, Instant> triggered = new HashMap<>();
        for (FleetEvent.Row row : history.picture(Integer.MAX_VALUE).rows()) {
            if (row instanceof FleetEvent.CheckpointEnded ended) {
                ended.checkpoint()
                        .parts()
                        .forEach(part -> triggered.put(
                                PartRef.of(part), ended.checkpoint().triggeredAt()));
            }
        }
        return triggered;
    }

    private record PartRef(int partition, String uid) {

        static PartRef of(CheckpointReport.Part part) {
            return new PartRef(part.partition(), part.uid());
        }
    }
}
