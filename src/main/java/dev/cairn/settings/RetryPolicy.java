package dev.cairn.settings;

import java.time.Duration;
import java.util.Set;

/**
 * Which failures of a record are tried again, and how. Immutable.
 *
 * @param exceptions full names of classes, with dots where one class is inside of another; empty where nothing is
 * @param limit how often a record is tried again, at least once
 * @param backoff the time before it is tried again for the first time
 * @param maxBackoff the longest time between two tries; each is twice the one before it
 */
public record RetryPolicy(Set<String> exceptions, int limit, Duration backoff, Duration maxBackoff) {

    private static final int MAX_CAUSES = 20;

    public RetryPolicy {
        exceptions = Set.copyOf(exceptions);
    }

    /** Whether an exception, a superclass of it, or one of its causes is named. */
    public boolean covers(Throwable error) {
        Throwable cause = error;
        // A chain may be a ring.
        for (int depth = 0; depth < MAX_CAUSES && cause != null; depth++) {
            for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
                if (exceptions.contains(type.getName().replace('$', '.'))) {
                    return true;
                }
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The time before a record is tried again. @param failures how often it has failed, from 1 */
    public Duration pause(int failures) {
        Duration pause = backoff;
        for (int i = 1; i < failures && pause.compareTo(maxBackoff) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(maxBackoff) < 0 ? pause : maxBackoff;
    }
}
