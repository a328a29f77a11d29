package dev.cairn.worker;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.cairn.worker.loop.BrokerContact;

/**
 * How long ago Kafka and the store last answered a worker. Thread-safe.
 *
 * @param broker by the clients that are not of a loop
 */
record Contact(WorkerStore store, Loops loops, BrokerContact broker) {

    private static final long PERIOD_MILLIS = 500;

    /** Looks from now on: a start waits for answers, too. On a thread of its own, because others wait for answers. */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    void watch(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(
                () -> {
                    // Notices what has had no answer for long.
                    store.status();
                    broker.look();
                    loops.all().forEach(loop -> loop.status().broker().look());
                },
                0,
                PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Since Kafka last answered any client of the worker. */
    Duration sinceKafka() {
        return loops.all().stream()
                .map(loop -> loop.status().broker().sinceContact())
                .reduce(broker.sinceContact(), (one, other) -> one.compareTo(other) < 0 ? one : other);
    }
}
