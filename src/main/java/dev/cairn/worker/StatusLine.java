package dev.cairn.worker;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

/** Says every now and then, in one line, what is happening. */
final class StatusLine {

    private static final Logger LOG = Logger.getLogger("dev.cairn.status");

    private final Worker worker;
    private long lastRecords;
    private long lastNanos = System.nanoTime();

    StatusLine(Worker worker) {
        this.worker = worker;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    void start(ScheduledExecutorService executor, Duration interval) {
        if (!interval.isZero()) {
            executor.scheduleAtFixedRate(this::say, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void say() {
        WorkerStatus status = worker.status();
        long now = System.nanoTime();
        double rate = (status.records() - lastRecords) * 1e9 / Math.max(1, now - lastNanos);
        lastRecords = status.records();
        lastNanos = now;
        long running = status.partitions().stream()
                .filter(partition -> partition.state() == PartitionState.RUNNING)
                .count();
        long parked = status.partitions().stream()
                .filter(partition -> partition.state() == PartitionState.PARKED)
                .count();
        String checkpoint = status.lastCheckpoint()
                .map(last -> String.format(
                        Locale.ROOT,
                        "last checkpoint chk-%d: %s changed, %s in all, %d ms",
                        last.number(),
                        bytes(last.deltaBytes()),
                        bytes(last.fullBytes()),
                        last.duration().toMillis()))
                .orElse("no checkpoint yet");
        LOG.infof(
                "%s records/s, lag %s, %d of %d partitions run%s, %s",
                String.format(Locale.ROOT, "%,.0f", rate),
                String.format(Locale.ROOT, "%,d", status.lag()),
                running,
                status.partitions().size(),
                parked == 0 ? "" : ", " + parked + " PARKED",
                checkpoint);
    }

    private static String bytes(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }
}
