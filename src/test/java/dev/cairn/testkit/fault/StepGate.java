package dev.cairn.testkit.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointStep;

/**
 * Steers the timing of a worker, and nothing else of it: holds it at a step of a checkpoint, or before a record, until the
 * test lets it go. Thread-safe.
 */
public final class StepGate implements CheckpointObserver {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<Event> history = new ArrayList<>();
    private final List<Hold> holds = new CopyOnWriteArrayList<>();
    private final List<Hold> blocked = new CopyOnWriteArrayList<>();

    /** A step that was reached. */
    public record Event(CheckpointStep step, int partition, long number) {}

    /** Holds the thread that reaches the step next, once. */
    public Hold holdAt(CheckpointStep step) {
        return hold(reached -> reached instanceof Event event && event.step() == step);
    }

    /** Holds the loop before it processes the record with this value, once. */
    public Hold holdBeforeRecord(String value) {
        return hold(reached -> reached.equals(value));
    }

    private Hold hold(Predicate<Object> where) {
        Hold hold = new Hold(where);
        holds.add(hold);
        return hold;
    }

    @Override
    public void reached(CheckpointStep step, int partition, long number) {
        Event event = new Event(step, partition, number);
        synchronized (history) {
            history.add(event);
        }
        pass(event);
    }

    /** Called before a record, or anything else that has a name, is worked on. */
    public void beforeRecord(String value) {
        pass(value);
    }

    private void pass(Object reached) {
        for (Hold hold : List.copyOf(holds)) {
            if (hold.where.test(reached) && holds.remove(hold)) {
                hold.block();
            }
        }
    }

    /** What was reached so far, in order. */
    public List<Event> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    /** How often a step has been reached. */
    public long count(CheckpointStep step) {
        return history().stream().filter(event -> event.step() == step).count();
    }

    /** When a step was reached last. */
    public Event last(CheckpointStep step) {
        return history().stream()
                .filter(event -> event.step() == step)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Holds no one any more. */
    public void open() {
        holds.forEach(Hold::release);
        blocked.forEach(Hold::release);
    }

    /** One place at which a thread is held. */
    public final class Hold {

        private final Predicate<Object> where;
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Hold(Predicate<Object> where) {
            this.where = where;
        }

        private void block() {
            blocked.add(this);
            arrived.countDown();
            try {
                if (!released.await(2 * LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no one lets go of what is held");
                }
            } catch (InterruptedException e) {
                // As a call to the store does: it ends early, and the thread that interrupted it finds out.
                Thread.currentThread().interrupt();
            }
        }

        /** Waits until someone is held here. */
        public Hold awaitHeld() {
            try {
                if (!arrived.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("no one has come here within " + LIMIT + ": " + history());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a step", e);
            }
            return this;
        }

        /** Lets it continue, and holds no one else. */
        public void release() {
            holds.remove(this);
            blocked.remove(this);
            released.countDown();
        }
    }
}
