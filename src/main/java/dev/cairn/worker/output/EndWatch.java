package dev.cairn.worker.output;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether the worker has been asked to end, and how long it may still wait for Kafka then. Everything that it gives up is
 * processed again by the next start. Thread-safe.
 */
public final class EndWatch {

    /** Heartbeats are answered every 3 s. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** A pod has some 30 s from the signal to its end, and there is more to be done than to wait for Kafka. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long NEVER = Long.MIN_VALUE;

    private final Supplier<Duration> sinceContact;
    private final LongSupplier nanoTime;
    private volatile long askedNanos = NEVER;

    /** @param sinceContact how long ago Kafka last answered a client of the worker */
    public EndWatch(Supplier<Duration> sinceContact) {
        this(sinceContact, System::nanoTime);
    }

    EndWatch(Supplier<Duration> sinceContact, LongSupplier nanoTime) {
        this.sinceContact = sinceContact;
        this.nanoTime = nanoTime;
    }

    /** The worker is to end. The first time counts. */
    public synchronized void asked() {
        if (askedNanos == NEVER) {
            askedNanos = nanoTime.getAsLong();
        }
    }

    /** Whether a worker that is to end waits no longer for an answer of Kafka. */
    public boolean givesUp(long beganNanos) {
        long asked = askedNanos;
        if (asked == NEVER) {
            return false;
        }
        long now = nanoTime.getAsLong();
        boolean waited = now - asked >= PATIENCE.toNanos();
        return waited && (isCutOff() || now - beganNanos >= PATIENCE.toNanos());
    }

    /** Whether Kafka has answered none of the worker's clients for some time. */
    public boolean isCutOff() {
        return sinceContact.get().compareTo(SILENCE) >= 0;
    }
}
