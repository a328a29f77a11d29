package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;

import dev.cairn.state.LocalStateException;
import dev.cairn.worker.status.RollBackException;

/** A loop's turns: roll back if necessary, move the checkpoint in flight on, poll, process. On its thread. */
final class LoopTurns {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration POLL_WHILE_WAITING = Duration.ofMillis(5);

    private final LoopContext context;
    private final Consumer<byte[], byte[]> consumer;
    private final LoopRequests requests;
    private final LoopPartitions partitions;
    private final LoopCheckpoints checkpoints;
    private final LoopRollBack rollBack;
    private final BooleanSupplier joined;
    private final PollGap gap;
    private final InputFlow flow;
    private final LoopProgress progress;
    private final LoopDuties duties;
    private final BatchProcessing processing;
    private boolean outputsStarted;

    /** @param joined whether there was an assignment */
    LoopTurns(
            LoopContext context,
            LoopRequests requests,
            LoopPartitions partitions,
            LoopCheckpoints checkpoints,
            LoopRollBack rollBack,
            PollGap gap,
            BooleanSupplier joined) {
        this.context = context;
        this.consumer = context.consumer();
        this.requests = requests;
        this.partitions = partitions;
        this.checkpoints = checkpoints;
        this.rollBack = rollBack;
        this.joined = joined;
        this.gap = gap;
        this.flow = new InputFlow(context, partitions);
        this.progress = new LoopProgress(context, partitions, rollBack, flow);
        this.duties = new LoopDuties(context, requests);
        this.processing = new BatchProcessing(partitions, flow, rollBack, gap, this::isHeld, this::lookBetweenRecords);
    }

    /** One turn. What it fails of is mended by a roll back with the next one, or thrown. */
    void run() {
        try {
            turn();
        } catch (InputsChangedException e) {
            rollBack.require(e, e.partitions());
        } catch (InvalidOffsetException e) {
            startAgain(e);
        } catch (RuntimeException e) {
            RuntimeException meaning = TurnFailures.meaning(e, context);
            if (!(meaning instanceof RollBackException again)) {
                throw meaning;
            }
            rollBack.require(again);
        }
    }

    /** The input was deleted while it was read. Starting the partition again finds out, and parks it with a way out. */
    private void startAgain(InvalidOffsetException gone) {
        List<RunningPartition> again = partitions.running().stream()
                .filter(partition -> partition.inputs().stream().anyMatch(gone.partitions()::contains))
                .toList();
        rollBack.require(new RollBackException(gone.getMessage()), again);
        checkpoints.mark(again);
    }

    private void turn() {
        if (rollBack.isDue()) {
            rollBack.run();
        }
        RollBacks row = rollBack.row();
        // A turn that only rolls back, or waits after that, is no sign of life.
        if (!row.isPausing()) {
            context.status().turned();
        }
        requireSameInputs();
        checkpoints.advance();
        progress.note();
        if (outputsAreStarted()) {
            context.outputs().check();
            partitions.advance();
        }
        heal();
        context.memory().requireRoom();
        if (!row.isPausing()) {
            if (rollBack.limits().areReached(partitions.running())) {
                checkpoints.dueNow();
            }
            checkpoints.startIfDue();
        }
        holdIfNeeded();
        deleteExpired();
        duties.answer();
        duties.polling();
        long began = System.nanoTime();
        ConsumerRecords<byte[], byte[]> batch =
                gap.poll(consumer, flow.pollTimeout(isWaiting() ? POLL_WHILE_WAITING : POLL));
        long polled = System.nanoTime();
        context.status().polled(polled - began);
        if (!rollBack.isDue()) {
            int processed = processing.process(batch);
            context.status().processed(processed, System.nanoTime() - polled);
            progress.show();
            duties.rebalanceIfNeeded();
        }
    }

    private void requireSameInputs() {
        requests.inputs()
                .getAndSet(Optional.empty())
                .flatMap(now -> InputsChangedException.of(partitions.running(), now))
                .ifPresent(changed -> {
                    checkpoints.mark(changed.partitions());
                    throw changed;
                });
    }

    private boolean outputsAreStarted() {
        if (!outputsStarted) {
            try {
                outputsStarted = context.outputs().isStarted();
            } catch (KafkaException e) {
                throw context.refused("cannot open the outputs", e);
            }
        }
        return outputsStarted;
    }

    /**
     * Restores partitions whose database is damaged, without a roll back. What such a partition has processed is on the heap
     * and in the open transaction, so the next checkpoint commits it with the others'; after that it can be let go.
     */
    private void heal() {
        for (RunningPartition partition : partitions.running()) {
            if (partition.isDamaged()) {
                heal(partition, partition.damage());
            }
        }
    }

    private void heal(RunningPartition partition, LocalStateException damage) {
        if (partition.hold()) {
            consumer.pause(partition.inputs());
            if (partition.hasMoved()) {
                CompletableFuture<?> ignored = checkpoints.request();
            }
        }
        if (!partition.hasMoved() && !checkpoints.isWriting(partition)) {
            partitions.restartFromStore(partition, damage);
        }
    }

    /** Processes nothing while a checkpoint has to be waited for, after a roll back, or while it is paused. */
    private void holdIfNeeded() {
        boolean stall = checkpoints.mustStall() || rollBack.limits().areReached(partitions.running());
        boolean hold = stall || requests.paused().get() || rollBack.row().isPausing();
        context.status().stalled(stall);
        context.status().held(hold);
        flow.control(hold);
    }

    private boolean isHeld() {
        return flow.isHeld()
                || requests.paused().get()
                || checkpoints.mustStall()
                || rollBack.row().isPausing();
    }

    /** For what a poll does not return early: partitions are assigned while it waits, and start meanwhile. */
    private boolean isWaiting() {
        return !joined.getAsBoolean() || context.status().isStalled() || partitions.anyStarting();
    }

    /** Not while changes have to wait: each deletion is one. */
    private void deleteExpired() {
        if (!isHeld()) {
            partitions.running().forEach(RunningPartition::deleteExpired);
        }
    }

    private void lookBetweenRecords() {
        context.status().turned();
        context.memory().requireRoom();
        checkpoints.advance();
        checkpoints.startWithinBatchIfDue();
        deleteExpired();
        duties.answer();
    }
}
