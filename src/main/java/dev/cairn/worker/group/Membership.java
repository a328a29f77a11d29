package dev.cairn.worker.group;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * How long a loop can be sure that the group has not given its partitions to someone else, whether the broker cannot be
 * reached or that the process was frozen: for a session, counted from something that the group is known to have answered.
 *
 * <p>That is the request to join that led to the assignment; later on, heartbeats. The consumer says how many were answered
 * (its metric {@code heartbeat-total}), not how. At most one is under way, and a refusal is the last one until the group has
 * been joined again: so when an answer has come, the one before it was none, and what that one answered was sent after the
 * answer before that had come.
 *
 * <pre>
 *   answer k-2 comes ──► heartbeat k-1 is sent ──► the group extends the session ──► answer k-1 ──► ... ──► answer k comes
 *   └ the session lasts until here and a session time-out, at least
 * </pre>
 *
 * <p>Written by the loop's thread, asked by any.
 */
public final class Membership {

    private static final String ANSWERED_HEARTBEATS = "heartbeat-total";

    private final long sessionNanos;
    private final long pollNanos;
    private final LongSupplier nanoTime;
    private DoubleSupplier heartbeats = () -> 0;
    private double answers;
    private long joiningNanos;
    private long lookedNanos;
    private long lastAnswerNanos;
    private long answerBeforeNanos;
    private volatile long polledNanos;
    private volatile long confirmedNanos;
    private volatile boolean joined;

    /**
     * @param session after which the group gives up a member that it does not hear of
     * @param mostBetweenPolls after which it continues without a member that does not take part in a rebalance
     */
    public Membership(Duration session, Duration mostBetweenPolls) {
        this(session, mostBetweenPolls, System::nanoTime);
    }

    Membership(Duration session, Duration mostBetweenPolls, LongSupplier nanoTime) {
        // A tenth for clocks that do not run alike; half, because the group counts from when it began to rebalance.
        this.sessionNanos = session.toNanos() / 10 * 9;
        this.pollNanos = mostBetweenPolls.toNanos() / 2;
        this.nanoTime = nanoTime;
    }

    /** Whose heartbeats count. Once, before it is polled. */
    void of(Consumer<?, ?> consumer) {
        consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(ANSWERED_HEARTBEATS))
                .findFirst()
                .ifPresent(metric -> heartbeats = () -> number(metric));
    }

    /** For tests: where the count comes from. */
    void of(DoubleSupplier answeredHeartbeats) {
        heartbeats = answeredHeartbeats;
    }

    /** A request to join is about to be sent. */
    void joining() {
        joiningNanos = nanoTime.getAsLong();
    }

    /** It was answered with an assignment. */
    void joined() {
        answers = heartbeats.getAsDouble();
        lookedNanos = nanoTime.getAsLong();
        lastAnswerNanos = joiningNanos;
        answerBeforeNanos = joiningNanos;
        confirmedNanos = joiningNanos;
        joined = true;
    }

    /** The group has given the partitions away. */
    public void lost() {
        joined = false;
    }

    /** The consumer is about to be polled. */
    public void polling() {
        polledNanos = nanoTime.getAsLong();
    }

    /** Takes note of heartbeats that were answered since it looked last. */
    public void look() {
        long now = nanoTime.getAsLong();
        double count = heartbeats.getAsDouble();
        if (count != answers) {
            answers = count;
            confirmedNanos = answerBeforeNanos;
            answerBeforeNanos = lastAnswerNanos;
            // It came after the last look, at the earliest.
            lastAnswerNanos = lookedNanos;
        }
        lookedNanos = now;
    }

    /** Whether what was owned before this call is owned still. From any thread. */
    public boolean holds() {
        long now = nanoTime.getAsLong();
        return joined && now - confirmedNanos < sessionNanos && now - polledNanos < pollNanos;
    }

    private static double number(Metric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
    }
}
