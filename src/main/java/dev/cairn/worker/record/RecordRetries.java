package dev.cairn.worker.record;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

import dev.cairn.settings.DurationText;
import dev.cairn.settings.RetryPolicy;
import dev.cairn.state.AuthorError;
import dev.cairn.worker.status.WorkerStatus.RetryInfo;

/**
 * Decides whether a record of a partition that failed is tried again, and when. Until then the partition waits: its next
 * record is the same one. On the loop's thread, apart from {@link #info}.
 */
public final class RecordRetries {

    private static final Logger LOG = Logger.getLogger(RecordRetries.class);
    private static final long LOG_NANOS = Duration.ofSeconds(30).toNanos();

    private final RetryPolicy policy;
    private final RecordCounts counts;
    private final LongSupplier nanoTime;
    /** Whether there is a record that was tried, and is not past. */
    private boolean active;

    private String topic = "";
    private long offset;
    private int failures;
    private Instant since = Instant.EPOCH;
    private boolean waiting;
    private long dueNanos;
    private long loggedNanos;
    private volatile Waiting shown;

    /** As others see it. */
    private record Waiting(String record, String stage, String cause, int failures, Instant since, Instant next) {}

    RecordRetries(RetryPolicy policy, RecordCounts counts, LongSupplier nanoTime) {
        this.policy = policy;
        this.counts = counts;
        this.nanoTime = nanoTime;
    }

    /**
     * A record failed; nothing of its effects is left.
     *
     * @return whether it is tried again: the partition waits from now on
     */
    boolean takes(ConsumerRecord<?, ?> record, RecordErrors.Stage stage, Exception error) {
        if (policy.exceptions().isEmpty() || stage == RecordErrors.Stage.SEND || !policy.covers(error)) {
            return false;
        }
        if (!isOf(record)) {
            begin(record);
        }
        failures++;
        if (failures > policy.limit()) {
            return false;
        }
        counts.retried();
        Duration pause = policy.pause(failures);
        dueNanos = nanoTime.getAsLong() + pause.toNanos();
        waiting = true;
        String cause = AuthorError.describe(error);
        shown = new Waiting(
                where(record),
                stage.toString(),
                cause,
                failures,
                since,
                Instant.now().plus(pause));
        log(pause);
        return true;
    }

    private void begin(ConsumerRecord<?, ?> record) {
        active = true;
        topic = record.topic();
        offset = record.offset();
        failures = 0;
        since = Instant.now();
        loggedNanos = nanoTime.getAsLong() - LOG_NANOS;
    }

    private void log(Duration pause) {
        long now = nanoTime.getAsLong();
        if (now - loggedNanos >= LOG_NANOS) {
            loggedNanos = now;
            LOG.warnf(
                    "tries the record %s again in %s, retry %s of %s (%s): %s. Its partition waits, others continue",
                    shown.record(), DurationText.of(pause), failures, policy.limit(), shown.stage(), shown.cause());
        }
    }

    private boolean isOf(ConsumerRecord<?, ?> record) {
        return active && record.offset() == offset && record.topic().equals(topic);
    }

    /** Whether a record was tried, and none of its topic has been processed since. */
    boolean isActive() {
        return active;
    }

    /** How often a record has failed with an exception that is tried again; 0 for all others. */
    int failures(ConsumerRecord<?, ?> record) {
        return isOf(record) ? failures : 0;
    }

    /** A record is done with: processed, or handled as one that failed. */
    void passed(ConsumerRecord<?, ?> record) {
        if (record.offset() >= offset && record.topic().equals(topic)) {
            if (isOf(record) && failures <= policy.limit()) {
                LOG.infof("processed the record %s by retry %s", where(record), failures);
            }
            active = false;
            shown = null;
        }
    }

    private static String where(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /** Whether the partition waits. */
    public boolean isWaiting() {
        return waiting;
    }

    /** Ends the wait, if it is time. @return whether the record has to be read and processed now */
    public boolean resumeIfDue() {
        if (waiting && nanoTime.getAsLong() - dueNanos >= 0) {
            waiting = false;
            return true;
        }
        return false;
    }

    /** The partition goes back to its last checkpoint: records before this one come first. */
    void rollBack() {
        dueNanos = nanoTime.getAsLong();
    }

    /** What is tried again, and why; empty where nothing is. From any thread. */
    public Optional<RetryInfo> info() {
        Waiting now = shown;
        return now == null
                ? Optional.empty()
                : Optional.of(new RetryInfo(
                        now.record(),
                        now.stage(),
                        now.cause(),
                        now.failures(),
                        Duration.between(now.since(), Instant.now()),
                        now.next()));
    }
}
