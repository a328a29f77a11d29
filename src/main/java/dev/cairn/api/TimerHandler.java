package dev.cairn.api;

/**
 * What happens when a timer fires. It may read and change the state of the timer's key, set timers, and emit.
 *
 * @param <K> type of the keys
 */
@FunctionalInterface
public interface TimerHandler<K> {

    /**
     * Handles one timer. Its effects are all or nothing, like those of a record. The timer is deleted already; it may be set
     * again.
     *
     * @param timer never kept beyond the call
     * @throws Exception when it cannot be handled: the error policy applies
     */
    void onTimer(Timer<K> timer) throws Exception;
}
