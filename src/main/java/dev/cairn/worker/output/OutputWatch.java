package dev.cairn.worker.output;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

import dev.cairn.worker.status.RollBackException;

/**
 * Waits for producers, and looks at what they write to when that takes long: to a producer, a topic that was deleted is one
 * that is not there yet, and a batch that a topic does not accept is split in vain. Thread-safe.
 */
public final class OutputWatch {

    private static final Duration LOOK_AFTER = Duration.ofSeconds(3);
    private static final Duration STEP = Duration.ofMillis(250);

    /** More than it takes to split all that can be in flight once or twice. */
    private static final int MAX_SPLITS = 100;

    private static final String IN_VAIN =
            "the batch is larger than the topic's max.message.bytes, and it does not get" + " smaller by being split";

    private final OutputTopics topics;
    private final Predicate<OptionalInt> limitBatches;
    private final Executor flushes;
    private final EndWatch end;

    /**
     * @param limitBatches is given how large a batch the topics accept, where that is known; says whether that is news
     * @param flushes has a thread for every producer
     */
    public OutputWatch(OutputTopics topics, Predicate<OptionalInt> limitBatches, Executor flushes, EndWatch end) {
        this.topics = topics;
        this.limitBatches = limitBatches;
        this.flushes = flushes;
        this.end = end;
    }

    /** What is written to. */
    OutputTopics topics() {
        return topics;
    }

    /**
     * Flushes, for as long as the broker can still accept what was sent.
     *
     * @param opened what the topics were when the producer was opened
     * @throws dev.cairn.worker.status.StopWorkerException when a topic does not exist any more
     * @throws RollBackException when what was sent has to be sent by a producer that is opened anew, or when the worker ends
     */
    void flush(Producer<?, ?> producer, OutputTopics.Generation opened) {
        double splits = -1;
        long began = System.nanoTime();
        long nextLook = began + LOOK_AFTER.toNanos();
        CompletableFuture<Void> flush = CompletableFuture.runAsync(producer::flush, flushes);
        while (true) {
            try {
                flush.get(STEP.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (java.util.concurrent.TimeoutException e) {
                requireTime(began);
                if (System.nanoTime() - nextLook < 0) {
                    continue;
                }
                nextLook = System.nanoTime() + LOOK_AFTER.toNanos();
                look(opened);
                double before = splits;
                splits = splits(producer);
                if (before >= 0 && splits - before > MAX_SPLITS) {
                    throw new RollBackException(
                            "a topic does not accept a batch", new RecordTooLargeException(IN_VAIN));
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /**
     * Does what waits for the broker, for as long as the client allows or, once the worker is to end, for a little while. What
     * is given up still runs: the producer can only be closed after that.
     *
     * @throws RollBackException when the worker ends
     */
    void run(Runnable call) {
        long began = System.nanoTime();
        CompletableFuture<Void> running = CompletableFuture.runAsync(call, flushes);
        while (true) {
            try {
                running.get(STEP.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (java.util.concurrent.TimeoutException e) {
                requireTime(began);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    private void requireTime(long began) {
        if (end.givesUp(began)) {
            throw new RollBackException("Kafka has not answered in the time that a worker has for its end");
        }
    }

    /** As {@link #flush}, but gives up when it takes long. */
    void flushBriefly(Producer<?, ?> producer) {
        try {
            CompletableFuture.runAsync(producer::flush, flushes).get(LOOK_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException | ExecutionException e) {
            // What has arrived is known.
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * A producer has failed: a time-out may be a topic that does not exist any more.
     *
     * @throws dev.cairn.worker.status.StopWorkerException when that is so
     */
    void failed(Exception failure) {
        if (failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException) {
            topics.requireExisting();
        }
    }

    private static double splits(Producer<?, ?> producer) {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("batch-split-total"))
                .mapToDouble(metric -> (double) metric.metricValue())
                .sum();
    }

    private void look(OutputTopics.Generation opened) {
        topics.requireExisting();
        topics.look();
        if (!topics.generation().equals(opened)) {
            throw new RollBackException("what is being sent may be for partitions that do not exist any more: "
                    + topics.generation().change());
        }
        if (limitBatches.test(topics.batchLimitNow())) {
            throw new RollBackException("the topics accept only smaller batches than before");
        }
    }
}
