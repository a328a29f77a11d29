package dev.cairn.worker.loop;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.group.Membership;
import dev.cairn.worker.status.CheckpointReport;

/**
 * A loop: poll, process, emit, and now and then a checkpoint. One thread, one member of the group.
 *
 * <pre>
 *   STARTING ──► RUNNING ──► STOPPING ──► STOPPED
 *       │           │            │
 *       └───────────┴────────────┴──────► FAILED
 * </pre>
 */
public final class Loop implements Runnable {

    /** Where it stands. */
    public enum State {
        STARTING,
        RUNNING,
        STOPPING,
        STOPPED,
        FAILED
    }

    private final LoopContext context;
    private final LoopRequests requests = new LoopRequests();
    private final LoopCheckpoints checkpoints;
    private final Rebalances rebalances;
    private final LoopTurns turns;
    private final LoopEnd end;

    private volatile State state = State.STARTING;
    private volatile Throwable failure;

    Loop(LoopContext context) {
        this.context = context;
        LoopPartitions partitions = new LoopPartitions(context);
        PollGap gap = new PollGap(context.environment().kafka().configs().maxPollInterval());
        this.checkpoints = new LoopCheckpoints(context, partitions);
        LoopRollBack rollBack = new LoopRollBack(context, partitions, checkpoints, gap);
        this.rebalances = new Rebalances(this, context, partitions, checkpoints, rollBack);
        this.turns = new LoopTurns(context, requests, partitions, checkpoints, rollBack, gap, rebalances::hasJoined);
        this.end = new LoopEnd(context, partitions, checkpoints, rollBack);
    }

    public int number() {
        return context.number();
    }

    public State state() {
        return state;
    }

    public LoopStatus status() {
        return context.status();
    }

    /** Tasks for its thread, from any other. It empties it between records, unless it is about to roll back. */
    public LoopMailbox mailbox() {
        return requests.mailbox();
    }

    /** What it knows of its place in the group. */
    public Membership membership() {
        return context.member().membership();
    }

    public Throwable failure() {
        return failure;
    }

    /** Whether it has an assignment, even an empty one. */
    public boolean hasJoined() {
        return rebalances.hasJoined();
    }

    /** Lets it end after a last checkpoint. From any thread. */
    public void stop() {
        end(Ending.SUSPEND);
    }

    /** As {@link #stop}, and says what becomes of its place and its checkpoints. What was asked first counts. */
    public void end(Ending how) {
        requests.ending().compareAndSet(null, how);
    }

    /** Lets it ask the group for a new assignment, because the present one leaves something out. From any thread. */
    public void rebalance() {
        requests.rebalance().set(true);
    }

    /** Lets it process nothing, or continue; it stays a member, and what was processed is committed. From any thread. */
    public void pause(boolean now) {
        requests.paused().set(now);
    }

    /** Tells it what the job's inputs are now; those that do not exist are left out. From any thread. */
    public void inputsAre(Map<String, InputTopic> now) {
        requests.inputs().set(Optional.of(now));
    }

    /** Asks for a checkpoint that begins from now on. From any thread; nothing where nothing has changed. */
    public CompletableFuture<Optional<CheckpointReport>> checkpoint() {
        return checkpoints.request();
    }

    @Override
    public void run() {
        try {
            context.outputs().start();
            context.consumer().subscribe(context.settings().job().inputTopics(), rebalances);
            state = State.RUNNING;
            while (requests.ending().get() == null) {
                turns.run();
            }
            state = State.STOPPING;
            end.finish();
            end.close(isLeaving());
            state = State.STOPPED;
        } catch (Throwable e) {
            failure = e;
            state = State.FAILED;
            end.closeAfter(e, isLeaving());
        } finally {
            checkpoints.refuseRequests();
        }
    }

    private boolean isLeaving() {
        return requests.ending().get() == Ending.LEAVE;
    }
}
