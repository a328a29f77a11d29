package dev.cairn.metrics;

import java.time.Duration;
import java.time.Instant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.WorkerEvent;

/**
 * Spans of checkpoints and restores, made when they have ended, where tracing is on. What was measured are durations: a
 * partition's phases are shown one after the other from the freeze on, the commit and what follows it up to the end.
 */
@ApplicationScoped
public class CheckpointTraces {

    private final Instance<Tracer> tracers;
    private final boolean disabled;

    CheckpointTraces(
            Instance<Tracer> tracers,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true") boolean disabled) {
        this.tracers = tracers;
        this.disabled = disabled;
    }

    void happened(@Observes WorkerEvent event) {
        if (disabled || tracers.isUnsatisfied()) {
            return;
        }
        if (event instanceof WorkerEvent.CheckpointEnded ended) {
            checkpoint(ended.report());
        } else if (event instanceof WorkerEvent.PartitionRestored restored) {
            restore(restored);
        }
    }

    private void checkpoint(CheckpointReport report) {
        Instant end = report.triggeredAt().plus(report.duration());
        Span checkpoint = root("checkpoint", report.triggeredAt())
                .setAttribute("cairn.worker", report.worker())
                .setAttribute("cairn.loop", report.loop())
                .setAttribute("cairn.checkpoint.number", report.highestNumber())
                .setAttribute("cairn.checkpoint.trigger", Texts.lower(report.trigger()))
                .setAttribute("cairn.checkpoint.delta.bytes", report.deltaBytes())
                .setAttribute("cairn.checkpoint.full.bytes", report.fullBytes())
                .startSpan();
        Context within = Context.root().with(checkpoint);
        phase("freeze", within, report.triggeredAt(), report.freeze());
        Instant frozen = report.triggeredAt().plus(report.freeze());
        Duration ingest = Duration.ZERO;
        for (CheckpointReport.Part part : report.parts()) {
            Instant sorted = partPhase("sort", within, part, frozen, part.sort());
            Instant written = partPhase("write", within, part, sorted, part.write());
            partPhase("upload", within, part, written, part.upload());
            ingest = ingest.plus(part.ingest());
        }
        if (report.outcome() == CheckpointReport.Outcome.COMPLETED) {
            Instant committed = end.minus(ingest);
            phase("commit", within, committed.minus(report.commit()), report.commit());
            Instant from = committed;
            for (CheckpointReport.Part part : report.parts()) {
                from = partPhase("ingest", within, part, from, part.ingest());
            }
        } else {
            checkpoint.setStatus(StatusCode.ERROR, report.failure());
        }
        checkpoint.end(end);
    }

    private void restore(WorkerEvent.PartitionRestored restored) {
        root("restore", restored.at().minus(restored.duration()))
                .setAttribute("cairn.worker", restored.worker())
                .setAttribute("cairn.partition", restored.partition())
                .setAttribute("cairn.checkpoint.number", restored.number())
                .setAttribute("cairn.restore.source", Texts.lower(restored.source()))
                .setAttribute("cairn.restore.fetched.bytes", restored.fetchedBytes())
                .startSpan()
                .end(restored.at());
    }

    private SpanBuilder root(String name, Instant start) {
        return tracers.get().spanBuilder(name).setNoParent().setStartTimestamp(start);
    }

    private void phase(String name, Context within, Instant start, Duration duration) {
        child(name, within, start).startSpan().end(start.plus(duration));
    }

    private Instant partPhase(
            String name, Context within, CheckpointReport.Part part, Instant start, Duration duration) {
        Instant end = start.plus(duration);
        child(name, within, start)
                .setAttribute("cairn.partition", part.partition())
                .startSpan()
                .end(end);
        return end;
    }

    private SpanBuilder child(String name, Context within, Instant start) {
        return tracers.get().spanBuilder(name).setParent(within).setStartTimestamp(start);
    }
}
