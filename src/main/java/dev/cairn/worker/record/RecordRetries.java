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
import dev.cairn.worker.output.TimerRecord;
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
    private final Tried record = new Tried();
    /** Of its own: timers that come due while a record waits must not begin that record's count anew. */
    private final Tried timer = new Tried();

    private boolean waiting;
    private long dueNanos;
    private volatile Waiting shown;

    /** What was tried last, and has failed. */
    private static final class Tried {

        /** Whether it is not past. */
        private boolean active;

        private String topic = "";
        private long offset;
        private int failures;
        private Instant since = Instant.EPOCH;
        private long loggedNanos;

        boolean is(ConsumerRecord<?, ?> other) {
            return active && other.offset() == offset && other.topic().equals(topic);
        }
    }

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
        Tried tried = tried(record);
        if (!tried.is(record)) {
            begin(tried, record);
        }
        tried.failures++;
        if (tried.failures > policy.limit()) {
            return false;
        }
        counts.retried();
        Duration pause = policy.pause(tried.failures);
        dueNanos = nanoTime.getAsLong() + pause.toNanos();
        waiting = true;
        String cause = AuthorError.describe(error);
        shown = new Waiting(
                where(record),
                stage.toString(),
                cause,
                tried.failures,
                tried.since,
                Instant.now().plus(pause));
        log(tried, RecordErrors.describe(record), pause);
        return true;
    }

    private Tried tried(ConsumerRecord<?, ?> of) {
        return of instanceof TimerRecord ? timer : record;
    }

    private void begin(Tried tried, ConsumerRecord<?, ?> with) {
        tried.active = true;
        tried.topic = with.topic();
        tried.offset = with.offset();
        tried.failures = 0;
        tried.since = Instant.now();
        tried.loggedNanos = nanoTime.getAsLong() - LOG_NANOS;
    }

    private void log(Tried tried, String what, Duration pause) {
        long now = nanoTime.getAsLong();
        if (now - tried.loggedNanos >= LOG_NANOS) {
            tried.loggedNanos = now;
            LOG.warnf(
                    "tries the %s again in %s, retry %s of %s (%s): %s. Its partition waits, others continue",
                    what, DurationText.of(pause), tried.failures, policy.limit(), shown.stage(), shown.cause());
        }
    }

    /** Whether a record or timer was tried, and none of its topic or name has been processed since. */
    boolean isActive() {
        return record.active || timer.active;
    }

    /** How often a record has failed with an exception that is tried again; 0 for all others. */
    int failures(ConsumerRecord<?, ?> record) {
        Tried tried = tried(record);
        return tried.is(record) ? tried.failures : 0;
    }

    /** A record is done with: processed, or handled as one that failed. */
    void passed(ConsumerRecord<?, ?> record) {
        Tried tried = tried(record);
        if (tried.active && record.offset() >= tried.offset && record.topic().equals(tried.topic)) {
            if (tried.is(record) && tried.failures <= policy.limit()) {
                LOG.infof("processed the %s by retry %s", RecordErrors.describe(record), tried.failures);
            }
            tried.active = false;
            if (!isActive()) {
                shown = null;
            }
        }
    }

    private static String where(ConsumerRecord<?, ?> record) {
        return record instanceof TimerRecord
                ? RecordErrors.describe(record)
                : record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /** Whether the partition waits. */
    public boolean isWaiting() {
        return waiting;
    }

    /** Ends the wait, if it is time. @return whether to read and process the record now */
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
