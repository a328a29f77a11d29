package dev.cairn.worker.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.status.FailureKind;

/**
 * What became of the records that were sent in an epoch. The loop's thread sends and asks; the producer's thread answers.
 *
 * <p>A broker refuses a batch as a whole, and names the records that it objects to: those get an exception each of their own.
 * Where it names none, all records of the batch get the same one. Records that the producer does not send any more because
 * of it share one as well, and are innocent.
 */
public final class SendResults {

    /** How Kafka's client calls a record that was refused only because of others in its batch. */
    private static final String INNOCENT = "Failed to append record because it was part of a batch";

    private static final int MAX_SUSPECTS = 10_000;

    private final IdentityHashMap<Exception, Refused> refused = new IdentityHashMap<>();
    private volatile Exception first;
    private Exception firstRefusal;
    private Exception inVain;
    private Origin lastSent;
    private Origin sentBefore;

    /** What an exception was the answer to: records of a batch, and so of one topic. */
    private record Refused(String topic, List<Origin> origins) {}

    /** The input record that a record to be sent comes from; the producer reports to it. */
    public static class Origin implements Callback {

        private final SendResults results;
        private final String topic;
        private final int partition;
        private final long offset;

        private Origin(SendResults results, ConsumerRecord<?, ?> input) {
            this.results = results;
            this.topic = input.topic();
            this.partition = input.partition();
            this.offset = input.offset();
        }

        @Override
        public void onCompletion(RecordMetadata metadata, Exception failure) {
            if (failure != null) {
                results.failed(this, metadata == null ? "" : metadata.topic(), failure);
            }
        }

        boolean isDeadLetter() {
            return false;
        }

        /** The key of the timer that it comes from; {@code null} for an input record. */
        byte[] timerKey() {
            return null;
        }
    }

    /** As {@link Origin}, where it is a timer: several keys may have one of the same time. */
    private static final class OfTimer extends Origin {

        private final byte[] key;
        private final boolean deadLetter;

        private OfTimer(SendResults results, TimerRecord timer, boolean deadLetter) {
            super(results, timer);
            this.key = timer.key();
            this.deadLetter = deadLetter;
        }

        @Override
        boolean isDeadLetter() {
            return deadLetter;
        }

        @Override
        byte[] timerKey() {
            return key;
        }
    }

    /** As {@link Origin}, where the record to be sent is the input record itself, put aside. */
    private static final class DeadLetter extends Origin {

        private DeadLetter(SendResults results, ConsumerRecord<?, ?> input) {
            super(results, input);
        }

        @Override
        boolean isDeadLetter() {
            return true;
        }
    }

    /** Where the results of an input record come from. */
    Origin of(ConsumerRecord<?, ?> input) {
        return input instanceof TimerRecord timer ? new OfTimer(this, timer, false) : new Origin(this, input);
    }

    /** Where the dead letter of an input record comes from. */
    Origin ofDeadLetter(ConsumerRecord<?, ?> input) {
        return input instanceof TimerRecord timer ? new OfTimer(this, timer, true) : new DeadLetter(this, input);
    }

    /** A record is handed to the producer. On the loop's thread, as is {@link #refusals}. */
    void sent(Origin origin) {
        if (origin != lastSent) {
            sentBefore = lastSent;
            lastSent = origin;
        }
    }

    /** What has not been answered yet is refused, as a whole or in part, when the producer is closed. */
    synchronized void suspectUnanswered(Exception cause) {
        inVain = cause;
    }

    private synchronized void failed(Origin origin, String topic, Exception answer) {
        Exception failure = inVain == null ? answer : inVain;
        if (FailureKind.of(failure) == FailureKind.RECORD && !isInnocent(failure)) {
            List<Origin> origins = refused.computeIfAbsent(failure, each -> new Refused(topic, new ArrayList<>(1)))
                    .origins();
            if (origins.size() < MAX_SUSPECTS) {
                origins.add(origin);
            }
            if (firstRefusal == null) {
                firstRefusal = failure;
            }
        }
        if (first == null) {
            first = failure;
        }
    }

    private static boolean isInnocent(Exception failure) {
        return failure.getMessage() != null && failure.getMessage().startsWith(INNOCENT);
    }

    /** Whether every answer so far was a good one. */
    boolean isClean() {
        return first == null;
    }

    /** Why the first record did not arrive; {@code null} where every answer so far was a good one. */
    synchronized Exception cause() {
        return firstRefusal == null ? first : firstRefusal;
    }

    /** The input records whose results or dead letters were refused, as far as the answers tell. */
    synchronized List<Refusal> refusals() {
        List<Refusal> certain = new ArrayList<>();
        List<Refusal> suspected = new ArrayList<>();
        refused.forEach((failure, answered) -> {
            List<Origin> origins = answered.origins();
            boolean named = origins.stream().allMatch(each -> isSame(each, origins.get(0)))
                    && (failure == firstRefusal || !maybeUnsent(origins.get(0)));
            for (Origin origin : named ? origins.subList(0, 1) : origins) {
                (named ? certain : suspected)
                        .add(new Refusal(
                                new TopicPartition(origin.topic, origin.partition),
                                origin.offset,
                                answered.topic(),
                                failure,
                                origin.isDeadLetter(),
                                named,
                                origin.timerKey()));
            }
        });
        return certain.isEmpty() ? suspected : certain;
    }

    /**
     * Whether a record may be one that the producer did not send any more. Only the last one can have an exception of its
     * own then, or the last but one, because one more record can be handed over before the loop learns of the failure.
     */
    private boolean maybeUnsent(Origin origin) {
        return origin == lastSent || origin == sentBefore;
    }

    private static boolean isSame(Origin one, Origin other) {
        return one.offset == other.offset
                && one.partition == other.partition
                && one.isDeadLetter() == other.isDeadLetter()
                && one.topic.equals(other.topic)
                && Arrays.equals(one.timerKey(), other.timerKey());
    }
}
