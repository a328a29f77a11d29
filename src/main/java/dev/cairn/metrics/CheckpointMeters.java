package dev.cairn.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.WorkerEvent;

/** The meters of what happens now and then: checkpoints and restores. On the thread that tells of them. */
@ApplicationScoped
public class CheckpointMeters {

    private static final double MILLIS = 1e3;
    private static final List<String> PHASES = List.of("freeze", "sort", "write", "upload", "commit", "ingest");

    /** Fixed limits, so that a quantile can be had over all workers, and few of them. */
    private static final Duration[] LIMITS =
            List.of(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000).stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private volatile Instant lastRestore = Instant.EPOCH;

    CheckpointMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes them, so that they are there before the first checkpoint. */
    void make() {
        for (CheckpointReport.Outcome outcome : CheckpointReport.Outcome.values()) {
            Metric.CHECKPOINTS.counter(registry, Texts.lower(outcome));
            duration(outcome);
        }
        PHASES.forEach(this::phase);
        size("delta");
        size("full");
        Gauge.builder(Metric.LAST_RESTORE.id(), this, me -> me.lastRestore.toEpochMilli() / MILLIS)
                .description(Metric.LAST_RESTORE.description())
                .baseUnit(Metric.LAST_RESTORE.unit())
                .register(registry);
        for (Restored.Source source : Restored.Source.values()) {
            restore(source);
            Metric.RESTORE_BYTES.counter(registry, Texts.lower(source));
        }
    }

    void happened(@Observes WorkerEvent event) {
        if (event instanceof WorkerEvent.CheckpointEnded ended) {
            ended(ended.report());
        } else if (event instanceof WorkerEvent.PartitionRestored restored) {
            lastRestore = restored.at();
            restore(restored.source()).record(restored.duration());
            Metric.RESTORE_BYTES
                    .counter(registry, Texts.lower(restored.source()))
                    .increment((double) restored.fetchedBytes());
        }
    }

    private void ended(CheckpointReport report) {
        Metric.CHECKPOINTS.counter(registry, Texts.lower(report.outcome())).increment();
        duration(report.outcome()).record(report.duration());
        if (report.outcome() != CheckpointReport.Outcome.COMPLETED) {
            return;
        }
        phase("freeze").record(report.freeze());
        phase("commit").record(report.commit());
        for (CheckpointReport.Part part : report.parts()) {
            phase("sort").record(part.sort());
            phase("write").record(part.write());
            phase("upload").record(part.upload());
            phase("ingest").record(part.ingest());
        }
        size("delta").record((double) report.deltaBytes());
        size("full").record((double) report.fullBytes());
    }

    private Timer duration(CheckpointReport.Outcome outcome) {
        return timer(Metric.CHECKPOINT_DURATION, Texts.lower(outcome));
    }

    private Timer phase(String phase) {
        return timer(Metric.CHECKPOINT_PHASE, phase);
    }

    private Timer restore(Restored.Source source) {
        return timer(Metric.RESTORES, Texts.lower(source));
    }

    private Timer timer(Metric metric, String tag) {
        return Timer.builder(metric.id())
                .description(metric.description())
                .tags(metric.tagged(tag))
                .serviceLevelObjectives(LIMITS)
                .register(registry);
    }

    private DistributionSummary size(String kind) {
        return DistributionSummary.builder(Metric.CHECKPOINT_SIZE.id())
                .description(Metric.CHECKPOINT_SIZE.description())
                .baseUnit(Metric.CHECKPOINT_SIZE.unit())
                .tags(Metric.CHECKPOINT_SIZE.tagged(kind))
                .register(registry);
    }
}
