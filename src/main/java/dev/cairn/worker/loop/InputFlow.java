package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import dev.cairn.settings.JobSettings;

/**
 * Decides which inputs of a loop are fetched, and in which order the records of several input topics are processed: see
 * {@link InputMerger}. A job with one input topic is not affected by any of the latter. On the loop's thread.
 */
final class InputFlow implements MergedInputs.Broker {

    private static final Logger LOG = Logger.getLogger(InputFlow.class);
    private static final int MAX_RECORDS = 1_000;
    private static final Duration WAIT = Duration.ofMillis(5);
    private static final Duration ASK_LIMIT = Duration.ofMillis(500);
    private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final JobSettings job;
    private final Consumer<?, ?> consumer;
    private final LoopPartitions partitions;
    private final int maxPollRecords;
    private final InputMerger.Buffered buffered;
    private boolean merges;
    private boolean held;
    private boolean pollWasFull;
    private boolean waits;
    private boolean timersWait;
    private boolean unanswered;
    private long askedNanos;

    InputFlow(LoopContext context, LoopPartitions partitions) {
        this.job = context.settings().job();
        this.consumer = context.consumer();
        this.partitions = partitions;
        this.maxPollRecords = context.environment().kafka().configs().maxPollRecords();
        this.buffered = new InputMerger.Buffered(context.environment().memory().fetchBytes());
        this.merges = job.inputTopics().size() > 1;
        this.askedNanos = System.nanoTime() - ASK_AGAIN_NANOS;
    }

    /** Whether records are kept until it is their turn: there are several input topics, or timers that come before them. */
    boolean merges() {
        return merges;
    }

    /** Whether nothing may be processed. */
    boolean isHeld() {
        return held;
    }

    /** Before every poll: pauses and resumes the inputs of the partitions that are running. */
    void control(boolean hold) {
        // For good: records that are kept must not be passed by others.
        merges |= partitions.anyTimed();
        if (merges) {
            controlEach(hold);
        } else if (hold) {
            // Every time, because a partition may have been started in the meantime.
            consumer.pause(partitions.processingInputs());
        } else if (held) {
            consumer.resume(partitions.processingInputs());
        }
        held = hold;
    }

    private void controlEach(boolean hold) {
        Set<TopicPartition> paused = consumer.paused();
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        for (RunningPartition partition : partitions.running()) {
            if (!partition.isProcessing()) {
                continue;
            }
            MergedInputs merged = mergedOf(partition);
            for (int i = 0; i < merged.size(); i++) {
                TopicPartition input = merged.input(i);
                boolean pause = hold || merged.isFull(i);
                if (pause && !paused.contains(input)) {
                    toPause.add(input);
                } else if (!pause && paused.contains(input)) {
                    toResume.add(input);
                    merged.resumed(i);
                }
            }
        }
        consumer.pause(toPause);
        consumer.resume(toResume);
    }

    /** Whether the last poll returned as much as it may, so that nothing is known of inputs without a record. */
    boolean pollWasFull() {
        return pollWasFull;
    }

    /** How long the next poll may wait. */
    Duration pollTimeout(Duration usual) {
        if (held || (!waits && !timersWait)) {
            return usual;
        }
        if (timersWait) {
            return Duration.ZERO;
        }
        // What the consumer has already received of the other inputs comes at once.
        return pollWasFull ? Duration.ZERO : WAIT;
    }

    /** Keeps what was fetched until it is its turn. What is not of a running partition will be fetched again. */
    void add(ConsumerRecords<byte[], byte[]> batch) {
        pollWasFull = batch.count() >= maxPollRecords;
        waits = false;
        timersWait = false;
        for (var next : batch.nextOffsets().entrySet()) {
            TopicPartition input = next.getKey();
            RunningPartition partition = partitions.processing(input.partition());
            if (partition != null) {
                OffsetAndMetadata position = next.getValue();
                mergedOf(partition).add(input, batch.records(input), position.offset());
            }
        }
    }

    /** A partition whose records may be processed now. */
    MergedInputs begin(RunningPartition partition) {
        MergedInputs merged = mergedOf(partition);
        merged.polled();
        return merged;
    }

    /** As much of the partition was processed as could be. */
    void end(MergedInputs merged) {
        waits |= merged.holdsRecords();
    }

    /** Some of the partition's timers are due, and have to wait for the next turn. */
    void timersWait() {
        timersWait = true;
    }

    /** How many offsets of an input were fetched, but not processed. */
    long ahead(RunningPartition partition, TopicPartition input) {
        return merges ? mergedOf(partition).ahead(input) : 0;
    }

    private MergedInputs mergedOf(RunningPartition partition) {
        MergedInputs merged = partition.merged();
        if (merged == null) {
            List<InputCursor> cursors = new ArrayList<>();
            for (String topic : job.inputTopics()) {
                cursors.add(partition.cursor(new TopicPartition(topic, partition.partition())));
            }
            merged = new MergedInputs(
                    new InputMerger(cursors.size(), job.inputMaxIdle(), MAX_RECORDS, buffered), cursors, this);
            partition.merge(merged);
        }
        return merged;
    }

    /** The consumer may have received more than it has looked at, as long as it returns as much as it may. */
    @Override
    public OptionalLong lag(TopicPartition input) {
        return pollWasFull ? OptionalLong.of(1) : consumer.currentLag(input);
    }

    /** What the consumer knows of an input is old where it was paused since, and wrong where the log was cut. */
    @Override
    public void askForEnds() {
        long now = System.nanoTime();
        boolean again = now - askedNanos >= ASK_AGAIN_NANOS;
        if (unanswered && !again) {
            return;
        }
        Map<TopicPartition, MergedInputs> inputs = new HashMap<>();
        for (RunningPartition partition : partitions.running()) {
            if (partition.isProcessing()) {
                MergedInputs merged = mergedOf(partition);
                for (int i = 0; i < merged.size(); i++) {
                    if (merged.mustAsk(i) || (again && merged.waitsForEnd(i))) {
                        inputs.put(merged.input(i), merged);
                    }
                }
            }
        }
        if (inputs.isEmpty()) {
            return;
        }
        askedNanos = now;
        unanswered = true;
        try {
            consumer.endOffsets(inputs.keySet(), ASK_LIMIT)
                    .forEach((input, end) -> inputs.get(input).ends(input, end));
            unanswered = false;
        } catch (TimeoutException e) {
            LOG.debugf("the ends of %s are not known yet: %s", inputs.keySet(), e.getMessage());
        }
    }
}
