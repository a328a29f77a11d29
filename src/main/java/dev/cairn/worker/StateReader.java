package dev.cairn.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cairn.state.DatabaseClosedException;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.ReadTime;
import dev.cairn.state.StateDescriptor;
import dev.cairn.worker.StateAnswer.Unavailable;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.loop.OpenState;
import dev.cairn.worker.loop.PartitionTask;

/**
 * Reads state for others than the processor. From any thread.
 *
 * <p>A value counts only if the partition was still this worker's after it had been read: its loop runs it, and the group
 * cannot have given it to anyone else. So whatever happens in between, such as a rebalance, a roll back, a process that was
 * frozen or cut off from the brokers, ends in {@link Unavailable}. A partition is given up before someone else may have it.
 */
final class StateReader {

    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(1);
    private static final Duration LIVE_LIMIT = Duration.ofSeconds(2);
    private static final long WAIT_NANOS = 500_000;

    private final List<Loop> loops;

    StateReader(List<Loop> loops) {
        this.loops = loops;
    }

    /** A partition in the hands of a loop. */
    private record Owned(Loop loop, PartitionTask task, OpenState state) {

        boolean isStill() {
            return task.isOpen(state)
                    && task.isRunning()
                    && loop.state() == Loop.State.RUNNING
                    && loop.membership().holds();
        }
    }

    /** What is read together: when it began, and how much it may become. */
    private record Batch(long began, ReadBudget budget) {}

    /** The rest of a read that has begun. */
    @FunctionalInterface
    private interface Begun {

        StateAnswer end();
    }

    /** Reads several keys in parallel: what has to be waited for is waited for once. */
    List<StateAnswer> read(List<StateQuery> queries) {
        Batch batch = new Batch(System.nanoTime(), ReadBudget.ofBatch());
        List<Begun> begun = queries.stream().map(query -> begin(query, batch)).toList();
        return begun.stream().map(Begun::end).toList();
    }

    private Begun begin(StateQuery query, Batch batch) {
        String why = "this worker does not have partition " + query.partition();
        for (Loop loop : loops) {
            for (PartitionTask task : loop.status().tasks()) {
                if (task.partition() == query.partition()) {
                    OpenState open = task.open();
                    if (open != null) {
                        return begin(query, new Owned(loop, task, open), batch);
                    }
                    why = "partition " + query.partition() + " is " + task.state();
                }
            }
        }
        Unavailable unavailable = Unavailable.because(why);
        return () -> unavailable;
    }

    private static Begun begin(StateQuery query, Owned owned, Batch batch) {
        int count = owned.state().partitionCount();
        if (query.partitionCount() != 0 && query.partitionCount() != count) {
            return () -> Unavailable.because("the inputs have " + query.partitionCount() + " partitions, but partition "
                    + query.partition() + " was started when they had " + count);
        }
        StateDescriptor state = owned.state().states().get(query.state());
        Begun read = state == null ? StateAnswer.NoSuchState::new : begin(query, state, owned, batch);
        return () -> {
            StateAnswer answer = read.end();
            return owned.isStill()
                    ? answer
                    : Unavailable.because(
                            "this worker cannot be sure that partition " + query.partition() + " is still its own");
        };
    }

    private static Begun begin(StateQuery query, StateDescriptor state, Owned owned, Batch batch) {
        StateRead read;
        try {
            read = StateRead.of(
                    query, state, ReadTime.of(owned.state().current().time()));
        } catch (IllegalArgumentException e) {
            return () -> new StateAnswer.Refused(e.getMessage());
        }
        return switch (query.consistency()) {
            case COMMITTED -> () -> committed(owned, read, batch);
            case LIVE -> live(owned, read, batch);
        };
    }

    /** Waits while the group may have a checkpoint that the database has not. */
    private static StateAnswer committed(Owned owned, StateRead read, Batch batch) {
        if (batch.budget().isSpent()) {
            return ReadBudget.SPENT;
        }
        while (owned.task().isCommitting()) {
            if (System.nanoTime() - batch.began() > COMMIT_LIMIT.toNanos()) {
                return Unavailable.because("a checkpoint is being committed");
            }
            LockSupport.parkNanos(WAIT_NANOS);
        }
        try {
            StateAnswer answer = read.committed(owned.state().database());
            batch.budget().take(answer.bytes());
            return answer;
        } catch (DatabaseClosedException | LocalStateException e) {
            return Unavailable.because(e.getMessage());
        }
    }

    private static Begun live(Owned owned, StateRead read, Batch batch) {
        CompletableFuture<StateAnswer> answer = new CompletableFuture<>();
        owned.loop().mailbox().put(() -> {
            if (!answer.isDone()) {
                StateAnswer now = batch.budget().isSpent() ? ReadBudget.SPENT : read(owned, read);
                batch.budget().take(now.bytes());
                answer.complete(now);
            }
        });
        Unavailable busy = Unavailable.because("the loop has been busy for " + LIVE_LIMIT.toSeconds() + " s");
        return () -> answer.completeOnTimeout(
                        busy, LIVE_LIMIT.toNanos() - (System.nanoTime() - batch.began()), TimeUnit.NANOSECONDS)
                .join();
    }

    /** On the loop's thread. Nothing that goes wrong here is the loop's affair. */
    private static StateAnswer read(Owned owned, StateRead read) {
        try {
            // Afterwards it is not its own any more, and is not answered.
            return owned.task().isOpen(owned.state()) ? read.live(owned.state().current()) : new StateAnswer.Absent();
        } catch (LocalStateException e) {
            return Unavailable.because(e.getMessage());
        } catch (RuntimeException e) {
            return Unavailable.because(
                    "the value cannot be written by " + read.state().serializer());
        }
    }
}
