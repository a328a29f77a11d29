package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.state.LocalStateException;
import dev.cairn.worker.record.FiringTimers;

/** Processes what a poll of a loop has returned, and lets the loop look at other things between records. On its thread. */
final class BatchProcessing {

    private static final int RECORDS_BETWEEN_LOOKS = 32;
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    private final LoopPartitions partitions;
    private final InputFlow flow;
    private final LoopRollBack rollBack;
    private final PollGap gap;
    private final BooleanSupplier held;
    private final Runnable look;
    private long nextLookNanos;

    /**
     * @param held whether what was fetched has to wait, also if this has turned out in the meantime
     * @param look what the loop does now and then between records
     */
    BatchProcessing(
            LoopPartitions partitions,
            InputFlow flow,
            LoopRollBack rollBack,
            PollGap gap,
            BooleanSupplier held,
            Runnable look) {
        this.partitions = partitions;
        this.flow = flow;
        this.rollBack = rollBack;
        this.gap = gap;
        this.held = held;
        this.look = look;
    }

    /** Processes what a poll has returned. @return how many records were processed */
    int process(ConsumerRecords<byte[], byte[]> batch) {
        if (flow.merges()) {
            return merge(batch);
        }
        ReplayLimits limits = rollBack.limits();
        return processInOrder(limits.areNone() ? batch : limits.cut(batch, partitions));
    }

    private int processInOrder(ConsumerRecords<byte[], byte[]> batch) {
        if (batch.isEmpty() && batch.nextOffsets().isEmpty()) {
            return 0;
        }
        int processed = 0;
        for (TopicPartition input : batch.partitions()) {
            RunningPartition partition = partitions.processing(input.partition());
            if (partition != null) {
                processed += process(partition, input, batch.records(input));
            }
        }
        // Control records and aborted tails count, so this may be more than the last record's offset and one.
        batch.nextOffsets().forEach((input, next) -> {
            RunningPartition partition = partitions.processing(input.partition());
            if (partition != null) {
                partition.cursor(input).moveTo(next.offset());
            }
        });
        return processed;
    }

    private int process(
            RunningPartition partition, TopicPartition input, List<ConsumerRecord<byte[], byte[]>> records) {
        InputCursor cursor = partition.cursor(input);
        int perStep = recordsPerStep();
        int untilLook = perStep;
        gap.beginStep();
        for (int i = 0; i < records.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = records.get(i);
            if (!process(partition, record)) {
                return i;
            }
            cursor.moveTo(record.offset() + 1);
            if (--untilLook == 0) {
                untilLook = perStep;
                lookIfTime(record, perStep);
                if (!partition.isProcessing()) {
                    return i + 1;
                }
            }
        }
        gap.endStep(records.get(records.size() - 1), perStep - untilLook, System.nanoTime());
        return records.size();
    }

    private int merge(ConsumerRecords<byte[], byte[]> batch) {
        flow.add(batch);
        int processed = 0;
        for (RunningPartition partition : partitions.running()) {
            if (partition.isProcessing()
                    && !held.getAsBoolean()
                    && !rollBack.limits().isReached(partition)) {
                processed += merge(partition, flow.begin(partition));
            }
        }
        return processed;
    }

    private int merge(RunningPartition partition, MergedInputs inputs) {
        int processed = 0;
        int perStep = recordsPerStep();
        gap.beginStep();
        long now = System.nanoTime();
        ConsumerRecord<byte[], byte[]> record = null;
        boolean timed = partition.timers() != null;
        if (timed && !beginTimers(partition, inputs, now)) {
            return 0;
        }
        for (int next = inputs.next(now); next != InputMerger.NONE; next = inputs.next(now)) {
            if (timed && !fireBefore(partition, inputs, next)) {
                break;
            }
            record = inputs.take(next);
            if (!process(partition, record)) {
                return processed;
            }
            inputs.processed(next);
            if (rollBack.limits().isReached(partition)) {
                processed++;
                break;
            }
            if (++processed % perStep == 0) {
                lookIfTime(record, perStep);
                if (!partition.isProcessing()) {
                    return processed;
                }
                if (held.getAsBoolean()) {
                    break;
                }
            }
        }
        gap.endStep(record, processed % perStep, System.nanoTime());
        flow.end(inputs);
        if (timed
                && partition.isProcessing()
                && !held.getAsBoolean()
                && !rollBack.limits().isReached(partition)) {
            fireRest(partition);
        }
        return processed;
    }

    /** Looks which inputs have gone quiet, and fires what is due. @return whether records may be processed now */
    private boolean beginTimers(RunningPartition partition, MergedInputs inputs, long now) {
        FiringTimers timers = partition.timers();
        timers.beginTurn(now);
        for (int i = 0; i < inputs.size(); i++) {
            boolean empty = inputs.isEmpty(i);
            if (!empty || !flow.pollWasFull()) {
                timers.quiet(inputs.input(i).topic(), empty && inputs.isExhausted(i), now);
            }
        }
        return fireRest(partition);
    }

    private boolean fireBefore(RunningPartition partition, MergedInputs inputs, int next) {
        return fire(partition, timers -> timers.fireBefore(inputs.input(next).topic(), inputs.timestamp(next)));
    }

    private boolean fireRest(RunningPartition partition) {
        return fire(partition, FiringTimers::fire);
    }

    /** @return whether no timer is due any more; otherwise it is for the next turn, or after a wait or a restore */
    private boolean fire(RunningPartition partition, Predicate<FiringTimers> firing) {
        try {
            if (firing.test(partition.timers())) {
                return true;
            }
            if (partition.retries().isWaiting()) {
                partition.dropFetched();
                partitions.await(partition);
            } else {
                flow.timersWait();
            }
        } catch (LocalStateException e) {
            partition.checkpoints().damaged(e);
        }
        return false;
    }

    /** One by one after a roll back, to tell which record takes long. */
    private int recordsPerStep() {
        return rollBack.row().inRow() > 0 ? 1 : RECORDS_BETWEEN_LOOKS;
    }

    /**
     * @return whether it was processed; if not, the record has left no effect, and is processed again after a restore or a
     *     wait
     */
    private boolean process(RunningPartition partition, ConsumerRecord<byte[], byte[]> record) {
        try {
            boolean done = partition.process(record);
            if (!done) {
                partitions.await(partition);
            }
            return done;
        } catch (LocalStateException e) {
            partition.checkpoints().damaged(e);
            return false;
        }
    }

    private void lookIfTime(ConsumerRecord<byte[], byte[]> last, int records) {
        long now = System.nanoTime();
        gap.endStep(last, records, now);
        if (now - nextLookNanos >= 0) {
            nextLookNanos = now + LOOK_NANOS;
            look.run();
            gap.beginStep();
        }
    }
}
