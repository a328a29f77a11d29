package dev.cairn.worker;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.cairn.settings.MemorySize;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerStatus;

/** Says every now and then, in one line, what is happening; nothing while that is what it said before. */
final class StatusLine {

    private static final Logger LOG = Logger.getLogger("dev.cairn.status");

    private final Supplier<WorkerStatus> worker;
    private long lastRecords;
    private long lastNanos = System.nanoTime();
    private String lastText = "";

    StatusLine(Supplier<WorkerStatus> worker) {
        this.worker = worker;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    void start(ScheduledExecutorService executor, Duration interval) {
        if (!interval.isZero()) {
            // A fixed rate would make up for what others on the thread have delayed.
            executor.scheduleWithFixedDelay(this::say, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void say() {
        WorkerStatus status = worker.get();
        long now = System.nanoTime();
        double rate = (status.records() - lastRecords) * 1e9 / Math.max(1, now - lastNanos);
        lastRecords = status.records();
        lastNanos = now;
        long parked = status.partitions(PartitionState.PARKED);
        Judgement judgement = status.judgement();
        String checkpoint = status.lastCheckpoint()
                .map(last -> String.format(
                        Locale.ROOT,
                        "last checkpoint chk-%d: %s changed, %s in all, %d ms",
                        last.number(),
                        MemorySize.approximately(last.deltaBytes()),
                        MemorySize.approximately(last.fullBytes()),
                        last.duration().toMillis()))
                .orElse("no checkpoint yet");
        String text = String.format(
                Locale.ROOT,
                "%s, %s records/s, lag %s, %s of %s partitions run%s, %s%s",
                judgement.state().name().toLowerCase(Locale.ROOT),
                String.format(Locale.ROOT, "%,.0f", rate),
                status.lag().isPresent()
                        ? String.format(Locale.ROOT, "%,d", status.lag().getAsLong())
                        : "unknown",
                status.partitions(PartitionState.RUNNING),
                status.partitions().size(),
                parked == 0 ? "" : ", " + parked + " PARKED",
                checkpoint,
                judgement.reasons().isEmpty() ? "" : ": " + judgement.text());
        if (!text.equals(lastText)) {
            LOG.info(text);
            lastText = text;
        }
    }
}
