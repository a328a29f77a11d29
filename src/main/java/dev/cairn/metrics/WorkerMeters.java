package dev.cairn.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import dev.cairn.fleet.CommandGate;
import dev.cairn.storage.StoreFailure;
import dev.cairn.worker.StartOver;
import dev.cairn.worker.Worker;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.LoopInfo.Work;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerStatus;

/** The meters that read what a worker says of itself. Once a second a picture is taken of it, and scrapes read that. */
@ApplicationScoped
public class WorkerMeters {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final double NANOS = 1e9;

    private final WorkerLifecycle lifecycle;
    private final MeterRegistry registry;
    private final MetricsThread thread;
    private final CommandGate commands;
    private final CheckpointMeters checkpoints;
    private final PartitionMeters partitions;
    private volatile Picture picture;
    private boolean made;

    WorkerMeters(
            WorkerLifecycle lifecycle,
            MeterRegistry registry,
            MetricsThread thread,
            CommandGate commands,
            CheckpointMeters checkpoints) {
        this.lifecycle = lifecycle;
        this.registry = registry;
        this.thread = thread;
        this.commands = commands;
        this.checkpoints = checkpoints;
        this.partitions = new PartitionMeters(registry);
    }

    /** After the worker's own start. */
    void start(@Observes StartOver event) {
        Optional<Worker> worker = lifecycle.worker();
        worker.ifPresent(started -> thread.repeat(() -> look(started), INTERVAL));
    }

    private void look(Worker worker) {
        picture = Picture.of(worker.status(), worker.figures());
        if (!made) {
            checkpoints.make();
            ofWorker();
            picture.loops().keySet().forEach(this::ofLoop);
            made = true;
        }
        partitions.look(picture);
    }

    private void ofWorker() {
        for (JobState state : JobState.values()) {
            gauge(Metric.WORKER_STATE, now -> now.state() == state ? 1 : 0, Texts.lower(state));
        }
        gauge(Metric.LAST_CONTACT, now -> seconds(now.status().sinceBrokerContact()));
        gauge(Metric.LAG, now -> Picture.known(now.status().lag()));
        gauge(Metric.UNCOVERED, now -> now.status()
                .surroundings()
                .uncovered()
                .map(Map::size)
                .map(Integer::doubleValue)
                .orElse(Double.NaN));
        for (CommandGate.Refusal reason : CommandGate.Refusal.values()) {
            counter(Metric.COMMANDS_IGNORED, now -> commands.count(reason), Texts.lower(reason));
        }
        gauge(Metric.STORE_CONTACT, now -> now.status()
                .store()
                .sinceContact()
                .map(WorkerMeters::seconds)
                .orElse(Double.NaN));
        for (StoreFailure.Access access : StoreFailure.Access.values()) {
            gauge(
                    Metric.STORE_FAILING,
                    now -> now.status().store().failing().stream()
                            .filter(failing -> failing.access() == access)
                            .mapToDouble(failing -> seconds(failing.lasting()))
                            .sum(),
                    Texts.lower(access));
        }
        gauge(Metric.CHECKPOINTS_IN_PROGRESS, now -> now.status().checkpointsInFlight());
        gauge(Metric.LAST_DURATION, now -> last(now, last -> seconds(last.duration())));
        gauge(Metric.LAST_SIZE, now -> last(now, WorkerStatus.CheckpointInfo::deltaBytes), "delta");
        gauge(Metric.LAST_SIZE, now -> last(now, WorkerStatus.CheckpointInfo::fullBytes), "full");
        gauge(Metric.CACHE_HIT_RATIO, now -> now.status().stateCacheHitRatio());
        gauge(Metric.BLOCK_CACHE_USAGE, now -> now.blockCache().usage());
        gauge(Metric.BLOCK_CACHE_PINNED, now -> now.blockCache().pinned());
        gauge(Metric.BLOCK_CACHE_CAPACITY, now -> now.blockCache().capacity());
        for (PartitionState state : List.of(PartitionState.RUNNING, PartitionState.RESTORING, PartitionState.PARKED)) {
            gauge(Metric.PARTITIONS, now -> now.status().partitions(state), Texts.lower(state));
        }
    }

    private void ofLoop(int number) {
        String loop = Integer.toString(number);
        counter(Metric.RECORDS, work(number, Work::records), loop);
        counter(Metric.POLL_TIME, work(number, work -> seconds(work.pollTime())), loop);
        counter(Metric.PROCESS_TIME, work(number, work -> seconds(work.processTime())), loop);
        counter(Metric.SKIPPED, work(number, Work::skipped), loop);
        counter(Metric.DEAD_LETTERS, work(number, Work::deadLetters), loop);
        counter(Metric.RETRIES, work(number, Work::retries), loop);
        counter(Metric.CACHE_READS, work(number, work -> work.stateReads() - work.stateMisses()), loop, "hit");
        counter(Metric.CACHE_READS, work(number, Work::stateMisses), loop, "miss");
        counter(Metric.EPOCHS, ofLoop(number, info -> info.checkpoints().epochs()), loop);
        counter(Metric.ROLL_BACKS, ofLoop(number, info -> info.rollBacks().count()), loop);
        gauge(Metric.NO_PROGRESS, ofLoop(number, info -> info.rollBacks().withoutProgress()), loop);
        gauge(Metric.STALLED, ofLoop(number, info -> info.stalled() ? 1 : 0), loop);
        counter(Metric.TRANSACTIONS, ofLoop(number, info -> info.transactions().committed()), loop, "committed");
        counter(Metric.TRANSACTIONS, ofLoop(number, info -> info.transactions().aborted()), loop, "aborted");
        counter(Metric.TRANSACTIONS, ofLoop(number, info -> info.transactions().unknown()), loop, "unknown");
    }

    private static ToDoubleFunction<Picture> work(int loop, ToDoubleFunction<Work> figure) {
        return ofLoop(loop, info -> figure.applyAsDouble(info.work()));
    }

    private static ToDoubleFunction<Picture> ofLoop(int loop, ToDoubleFunction<LoopInfo> figure) {
        return now -> now.loop(loop, figure);
    }

    private void gauge(Metric metric, ToDoubleFunction<Picture> value, String... tags) {
        Gauge.builder(metric.id(), this, me -> value.applyAsDouble(me.picture))
                .description(metric.description())
                .baseUnit(metric.unit())
                .tags(metric.tagged(tags))
                .register(registry);
    }

    private void counter(Metric metric, ToDoubleFunction<Picture> value, String... tags) {
        FunctionCounter.builder(metric.id(), this, me -> value.applyAsDouble(me.picture))
                .description(metric.description())
                .baseUnit(metric.unit())
                .tags(metric.tagged(tags))
                .register(registry);
    }

    private static double last(Picture now, ToDoubleFunction<WorkerStatus.CheckpointInfo> value) {
        return now.status().lastCheckpoint().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
