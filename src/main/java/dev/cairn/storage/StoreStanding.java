package dev.cairn.storage;

import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.AbortedException;

import dev.cairn.storage.StoreFailure.Access;

/**
 * Whether a store answers, by the calls that it gets. Logs the first failure at once, then one a minute while it lasts, and
 * the end of it. Thread-safe.
 */
final class StoreStanding {

    private static final Logger LOG = Logger.getLogger(StoreStanding.class);
    private static final long NANOS_BETWEEN_LINES = Duration.ofMinutes(1).toNanos();

    /** A failure that no other call has followed for so long says nothing about now. */
    private static final long LONGEST_SILENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private static final long NEVER = Long.MIN_VALUE;

    private final String location;
    private final String limit;
    private final boolean logs;
    private final LongSupplier nanoTime;
    private final Map<Access, Failures> failures = new EnumMap<>(Access.class);
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private long lineNanos = NEVER;
    private long failingSinceNanos = NEVER;
    private volatile long succeededNanos = NEVER;
    private volatile boolean failing;

    private record Failures(long firstNanos, long lastNanos, long attempts, StorageException latest) {

        Failures and(long now, StorageException failure) {
            return new Failures(firstNanos, now, attempts + 1, failure);
        }

        Failures lasting(long now) {
            return new Failures(firstNanos, now, attempts, latest);
        }

        boolean isSilent(long now) {
            return now - lastNanos > LONGEST_SILENCE_NANOS;
        }

        StoreFailure show(Access access, long now) {
            return new StoreFailure(
                    access, latest.fault(), latest.getMessage(), Duration.ofNanos(now - firstNanos), attempts);
        }
    }

    private StoreStanding(String location, String limit, boolean logs, LongSupplier nanoTime) {
        this.location = location;
        this.limit = limit;
        this.logs = logs;
        this.nanoTime = nanoTime;
    }

    /** @param limit how long calls are tried again, for people: {@code execution.checkpointing.timeout=5min} */
    static StoreStanding logging(String location, String limit, LongSupplier nanoTime) {
        return new StoreStanding(location, limit, true, nanoTime);
    }

    static StoreStanding silent(String location) {
        return new StoreStanding(location, "", false, System::nanoTime);
    }

    /** A call begins. */
    Wait waits(Wait.Kind kind) {
        Wait wait = new Wait(kind, nanoTime);
        waits.add(wait);
        return wait;
    }

    /** A call has ended, however. */
    void over(Wait wait) {
        waits.remove(wait);
    }

    /** A call that has had no answer for long counts as one that has failed, once, and keeps the failure alive. */
    private synchronized void notice(long now) {
        for (Wait wait : waits) {
            if (wait.isOverdue(now)) {
                if (wait.notice()) {
                    count(wait.access(), wait.failure(location, now), wait.sinceNanos());
                } else {
                    Failures lasting = failures.computeIfPresent(wait.access(), (access, since) -> since.lasting(now));
                    if (lasting != null) {
                        logIfDue(wait.access(), lasting, now);
                    }
                }
            }
        }
    }

    /** A call has failed. One that its own thread was told to give up says nothing of the store. */
    void failed(Access access, StorageException failure) {
        if (!Thread.currentThread().isInterrupted() && !isInterruption(failure)) {
            count(access, failure, nanoTime.getAsLong());
        }
    }

    private synchronized void count(Access access, StorageException failure, long since) {
        long now = nanoTime.getAsLong();
        Failures before = failures.get(access);
        Failures after = before == null || before.isSilent(now)
                ? new Failures(since, now, 1, failure)
                : before.and(now, failure);
        failures.put(access, after);
        failing = true;
        logIfDue(access, after, now);
    }

    private void logIfDue(Access access, Failures after, long now) {
        if (logs && (lineNanos == NEVER || now - lineNanos >= NANOS_BETWEEN_LINES)) {
            lineNanos = now;
            log(after.show(access, now), after.firstNanos());
        }
    }

    private static boolean isInterruption(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException
                    || cause instanceof AbortedException) {
                return true;
            }
        }
        return false;
    }

    private void log(StoreFailure failure, long sinceNanos) {
        if (failingSinceNanos == NEVER) {
            failingSinceNanos = sinceNanos;
        }
        String follows = follows(failure);
        if (failure.attempts() == 1 && failure.lasting().toNanos() < NANOS_BETWEEN_LINES) {
            LOG.warnf("the store fails: %s; %s", failure.message(), follows);
        } else {
            LOG.warnf(
                    "the store has been failing for %s s, in %s attempts: %s; %s",
                    failure.lasting().toSeconds(), failure.attempts(), failure.message(), follows);
        }
    }

    private String follows(StoreFailure failure) {
        if (failure.access() == Access.DELETE) {
            String next = "the next clean-up deletes again";
            return failure.fault().isPermanent() ? next + ". " + failure.fault().wayOut() : next;
        }
        return failure.fault().isPermanent()
                ? "it is not tried again. " + failure.fault().wayOut()
                : "it is tried again for up to " + limit;
    }

    /** A call has succeeded. Cheap while nothing fails. */
    void succeeded(Access access) {
        succeededNanos = nanoTime.getAsLong();
        if (failing) {
            recovered(access);
        }
    }

    private synchronized void recovered(Access access) {
        if (failures.remove(access) == null || !failures.isEmpty()) {
            return;
        }
        failing = false;
        if (failingSinceNanos != NEVER) {
            LOG.infof(
                    "the store at %s answers again, after %s s",
                    location,
                    Duration.ofNanos(nanoTime.getAsLong() - failingSinceNanos).toSeconds());
            failingSinceNanos = NEVER;
        }
    }

    /** How it stands at the moment; notices calls that have had no answer for long, too. */
    synchronized StoreStatus status() {
        long now = nanoTime.getAsLong();
        notice(now);
        List<StoreFailure> lasting = new ArrayList<>();
        failures.forEach((access, since) -> {
            if (!since.isSilent(now)) {
                lasting.add(since.show(access, now));
            }
        });
        return new StoreStatus(
                succeededNanos == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(now - succeededNanos)),
                lasting);
    }
}
