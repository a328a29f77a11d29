package dev.cairn.worker.loop;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition of several input topics: the records that were fetched and not processed yet, and what is known of those
 * that are still at the broker. On the loop's thread.
 */
final class MergedInputs {

    private static final long UNKNOWN = -1;

    private final InputMerger merger;
    private final InputCursor[] cursors;
    /** Ends of the logs when the broker was asked, since the consumer was last paused or sent elsewhere. */
    private final long[] ends;

    private final InputMerger.Backlog backlog = this::backlog;
    private final Broker broker;

    /** What the consumer knows of an input, and how to learn more. */
    interface Broker {

        /** How much of it the consumer knows to be there and has not returned yet; empty while it does not know. */
        OptionalLong lag(TopicPartition input);

        /** Finds out the ends that are not known, if the broker answers at once. */
        void askForEnds();
    }

    /**
     * @param merger of as many inputs
     * @param cursors in the order of the topics
     * @param broker asked about inputs of which no record is here
     */
    MergedInputs(InputMerger merger, List<InputCursor> cursors, Broker broker) {
        this.merger = merger;
        this.cursors = cursors.toArray(InputCursor[]::new);
        this.ends = new long[this.cursors.length];
        this.broker = broker;
        restart();
    }

    int size() {
        return cursors.length;
    }

    TopicPartition input(int index) {
        return cursors[index].input();
    }

    /** Whether no more of an input should be fetched for now. */
    boolean isFull(int index) {
        return merger.isFull(index);
    }

    boolean holdsRecords() {
        return merger.holdsRecords();
    }

    /** How many offsets were fetched of an input, but not processed. */
    long ahead(TopicPartition input) {
        int index = indexOf(input);
        return merger.fetchedTo(index) - cursors[index].position();
    }

    /** Adds what was fetched, and moves the position over what holds no records. */
    void add(TopicPartition input, List<ConsumerRecord<byte[], byte[]>> records, long next) {
        int index = indexOf(input);
        merger.add(index, records, next);
        if (merger.isEmpty(index)) {
            cursors[index].moveTo(merger.position(index));
        }
    }

    /** The consumer was asked for more. */
    void polled() {
        merger.polled();
    }

    /** The input whose record is next, or {@link InputMerger#NONE}. */
    int next(long now) {
        return merger.next(now, backlog);
    }

    /** The timestamp of the record that is next of this input. */
    long timestamp(int index) {
        return merger.timestamp(index);
    }

    /** Whether no record of an input is here. */
    boolean isEmpty(int index) {
        return merger.isEmpty(index);
    }

    /** Whether the broker is known to have no more of an input than what is here. */
    boolean isExhausted(int index) {
        OptionalLong lag = broker.lag(input(index));
        return lag.isPresent() && lag.getAsLong() == 0;
    }

    ConsumerRecord<byte[], byte[]> take(int index) {
        return merger.take(index);
    }

    /** The record that was taken last from this input has been processed. */
    void processed(int index) {
        cursors[index].moveTo(merger.position(index));
    }

    /** Drops what is not processed: the consumer continues at the cursors. */
    void restart() {
        for (int i = 0; i < cursors.length; i++) {
            merger.restart(i, cursors[i].position());
        }
        Arrays.fill(ends, UNKNOWN);
    }

    /** What the consumer knows of an input is old: it was paused. */
    void resumed(int index) {
        ends[index] = UNKNOWN;
    }

    /** Whether others may wait for an input of which only the broker knows how much more there is. */
    boolean mustAsk(int index) {
        return merger.isEmpty(index) && ends[index] == UNKNOWN;
    }

    /** Whether others wait for an input only because of what the broker has once said. */
    boolean waitsForEnd(int index) {
        return merger.isEmpty(index) && ends[index] > merger.fetchedTo(index);
    }

    /** The broker has been asked for the end of an input's log. */
    void ends(TopicPartition input, long end) {
        ends[indexOf(input)] = end;
    }

    private OptionalLong backlog(int index) {
        OptionalLong lag = broker.lag(input(index));
        if (lag.isPresent() && lag.getAsLong() > 0) {
            return lag;
        }
        if (mustAsk(index) || waitsForEnd(index)) {
            broker.askForEnds();
        }
        return ends[index] == UNKNOWN
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, ends[index] - merger.fetchedTo(index)));
    }

    private int indexOf(TopicPartition input) {
        for (int i = 0; i < cursors.length; i++) {
            if (cursors[i].input().equals(input)) {
                return i;
            }
        }
        throw new IllegalArgumentException(input + " is none of " + Arrays.toString(cursors));
    }
}
