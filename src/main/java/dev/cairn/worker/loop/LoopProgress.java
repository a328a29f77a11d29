package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.record.Refusals;
import dev.cairn.worker.status.WorkerStatus;

/** Follows how far a loop has come, for itself and for others. On its thread. */
final class LoopProgress {

    private static final long SHOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final LoopContext context;
    private final LoopPartitions partitions;
    private final LoopRollBack rollBack;
    private final InputFlow flow;
    private final HotKeyWatch hotKeys;
    private long nextNanos;

    LoopProgress(LoopContext context, LoopPartitions partitions, LoopRollBack rollBack, InputFlow flow) {
        this.context = context;
        this.partitions = partitions;
        this.rollBack = rollBack;
        this.flow = flow;
        this.hotKeys = new HotKeyWatch(context.status());
    }

    /** Ends a row of roll backs, forgets records that were refused and lifts limits, once checkpoints are past them. */
    void note() {
        RollBacks row = rollBack.row();
        Refusals refusals = context.errors().refusals();
        ReplayLimits limits = rollBack.limits();
        if (row.inRow() == 0 && refusals.areNone() && limits.areNone()) {
            return;
        }
        List<TopicPartition> running = new ArrayList<>();
        for (RunningPartition partition : partitions.running()) {
            running.addAll(partition.inputs());
            for (InputCursor cursor : partition.cursors()) {
                row.committed(cursor.input(), cursor.committed());
                refusals.committed(cursor.input(), cursor.committed());
            }
        }
        row.look(partitions.inputs());
        refusals.retain(running);
        if (refusals.isEmpty() && limits.arePassed(partitions.running())) {
            refusals.forgetTimers();
            limits.lift();
        }
        context.status().rollBacksWithoutProgress(row.inRow());
    }

    /** Shows others where the loop is, now and then. */
    void show() {
        long now = System.nanoTime();
        if (now - nextNanos < 0) {
            return;
        }
        nextNanos = now + SHOW_NANOS;
        boolean uncommitted = rollBack.row().areOwing() || !rollBack.limits().areNone();
        for (RunningPartition partition : partitions.running()) {
            uncommitted |= partition.hasMoved();
            show(partition);
        }
        LoopStatus status = context.status();
        status.looked();
        status.uncommitted(uncommitted);
        status.stateReads(context.memory().reads(), context.memory().misses());
        if (context.settings().job().hotKeys()) {
            hotKeys.look(partitions.running(), now);
        }
    }

    private void show(RunningPartition partition) {
        List<WorkerStatus.InputInfo> inputs = new ArrayList<>();
        for (InputCursor cursor : partition.cursors()) {
            OptionalLong unread = context.consumer().currentLag(cursor.input());
            OptionalLong lag = unread.isPresent()
                    ? OptionalLong.of(unread.getAsLong() + flow.ahead(partition, cursor.input()))
                    : unread;
            inputs.add(new WorkerStatus.InputInfo(cursor.input().topic(), cursor.position(), cursor.committed(), lag));
        }
        partition.task().show(inputs);
    }
}
