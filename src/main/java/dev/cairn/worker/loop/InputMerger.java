package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Merges one partition of several input topics by timestamp, as Kafka Streams does: the next record is the head with the
 * least timestamp, and of equal ones that of the topic that is named first. Records of one topic keep their order.
 *
 * <p>While an input has no record here, the others wait for it as long as the broker is known to have more of it, or may
 * have. Once the broker is known to have none, they wait for {@code maxIdle} more, from when they were ready; an input that
 * has used that up is idle until its next record. See KIP-353 and KIP-695.
 *
 * <p>Does no I/O and knows no clock. Used by the loop's thread.
 */
final class InputMerger {

    /** No record may be processed yet, or there is none. */
    static final int NONE = -1;

    /** Of the record's object, its arrays' headers and its headers, about. */
    private static final int RECORD_OVERHEAD_BYTES = 200;

    private final Queue[] queues;
    private final boolean waits;
    private final long maxIdleNanos;
    private final int maxRecords;
    private final Buffered buffered;

    /** What the broker is known to have of an input behind the records that are here. */
    @FunctionalInterface
    interface Backlog {

        /** How many offsets; empty while it is unknown. */
        OptionalLong of(int input);
    }

    /** The bytes of all mergers of a loop, and their limit. */
    static final class Buffered {

        private final long limit;
        private long bytes;

        Buffered(long limit) {
            this.limit = limit;
        }

        long bytes() {
            return bytes;
        }

        private boolean isFull() {
            return bytes >= limit;
        }
    }

    /**
     * @param inputs how many topics there are
     * @param maxIdle how long to wait for a topic of which the broker has no more; below zero to wait for nothing
     * @param maxRecords of one topic, after which no more should be fetched
     * @param buffered what all mergers of the loop share
     */
    InputMerger(int inputs, Duration maxIdle, int maxRecords, Buffered buffered) {
        this.queues = new Queue[inputs];
        for (int i = 0; i < inputs; i++) {
            queues[i] = new Queue();
        }
        this.waits = !maxIdle.isNegative();
        this.maxIdleNanos = maxIdle.toNanos();
        this.maxRecords = maxRecords;
        this.buffered = buffered;
    }

    /**
     * Adds what was fetched of an input.
     *
     * @param next where the consumer continues; control records and aborted ones count, so this may be beyond the last record
     */
    void add(int input, List<ConsumerRecord<byte[], byte[]>> records, long next) {
        Queue queue = queues[input];
        if (!records.isEmpty()) {
            queue.idling = false;
            for (int i = 0; i < records.size(); i++) {
                long size = sizeOf(records.get(i));
                queue.bytes += size;
                buffered.bytes += size;
            }
            queue.count += records.size();
            queue.fetches.add(new Fetch(records));
        }
        queue.fetchedTo = next;
    }

    /** The consumer was asked for more since the last choice: what is known of the broker may have changed. */
    void polled() {
        for (Queue queue : queues) {
            queue.exhausted = false;
        }
    }

    /**
     * Chooses the input whose head is processed next.
     *
     * @param now in the nanoseconds of a monotonic clock
     * @return its index, or {@link #NONE} where all are empty or one has to be waited for
     */
    int next(long now, Backlog backlog) {
        int chosen = NONE;
        boolean oneIsEmpty = false;
        for (int i = 0; i < queues.length; i++) {
            if (queues[i].count == 0) {
                oneIsEmpty = true;
            } else if (chosen == NONE || queues[i].headTimestamp() < queues[chosen].headTimestamp()) {
                chosen = i;
            }
        }
        return oneIsEmpty && chosen != NONE && waits && mustWait(now, backlog) ? NONE : chosen;
    }

    private boolean mustWait(long now, Backlog backlog) {
        boolean wait = false;
        for (int i = 0; i < queues.length; i++) {
            Queue queue = queues[i];
            if (queue.count == 0 && !queue.exhausted) {
                OptionalLong more = backlog.of(i);
                if (more.isEmpty() || more.getAsLong() > 0) {
                    wait = true;
                } else {
                    if (!queue.idling) {
                        queue.idling = true;
                        queue.idleSince = now;
                    }
                    queue.exhausted = now - queue.idleSince >= maxIdleNanos;
                    wait |= !queue.exhausted;
                }
            }
        }
        return wait;
    }

    /** The timestamp of the head of an input that {@link #next} has chosen. */
    long timestamp(int input) {
        return queues[input].headTimestamp();
    }

    /** Takes the head of an input that {@link #next} has chosen. */
    ConsumerRecord<byte[], byte[]> take(int input) {
        Queue queue = queues[input];
        ConsumerRecord<byte[], byte[]> record = queue.take();
        long size = sizeOf(record);
        queue.bytes -= size;
        buffered.bytes -= size;
        return record;
    }

    /** The offset behind the records that were taken from an input, and so its position once they are processed. */
    long position(int input) {
        return queues[input].count == 0 ? queues[input].fetchedTo : queues[input].takenTo;
    }

    /** Where the consumer continues. */
    long fetchedTo(int input) {
        return queues[input].fetchedTo;
    }

    /** Whether no record of an input is waiting. */
    boolean isEmpty(int input) {
        return queues[input].count == 0;
    }

    /** Whether a record of any input is waiting. */
    boolean holdsRecords() {
        for (Queue queue : queues) {
            if (queue.count > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether no more of an input should be fetched for now. One that is empty is never full, so the others can continue. */
    boolean isFull(int input) {
        Queue queue = queues[input];
        return queue.count > 0 && (queue.count >= maxRecords || buffered.isFull());
    }

    /** Drops the records of an input: the consumer continues at this position. */
    void restart(int input, long position) {
        Queue queue = queues[input];
        buffered.bytes -= queue.bytes;
        queue.clear();
        queue.takenTo = position;
        queue.fetchedTo = position;
    }

    private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
        return (long) RECORD_OVERHEAD_BYTES
                + Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }

    /** The records of one answer of the broker, and how many of them were taken. */
    private static final class Fetch {

        private final List<ConsumerRecord<byte[], byte[]>> records;
        private int taken;

        private Fetch(List<ConsumerRecord<byte[], byte[]>> records) {
            this.records = records;
        }
    }

    /** What is here of one input. */
    private static final class Queue {

        private final ArrayDeque<Fetch> fetches = new ArrayDeque<>();
        private int count;
        private long bytes;
        private long takenTo;
        private long fetchedTo;
        private boolean idling;
        private long idleSince;
        /** It need not be waited for until the next poll. */
        private boolean exhausted;

        private long headTimestamp() {
            Fetch first = fetches.element();
            return first.records.get(first.taken).timestamp();
        }

        private ConsumerRecord<byte[], byte[]> take() {
            Fetch first = fetches.element();
            ConsumerRecord<byte[], byte[]> record = first.records.get(first.taken++);
            if (first.taken == first.records.size()) {
                fetches.remove();
            }
            count--;
            takenTo = record.offset() + 1;
            return record;
        }

        private void clear() {
            fetches.clear();
            count = 0;
            bytes = 0;
            idling = false;
            exhausted = false;
        }
    }
}
