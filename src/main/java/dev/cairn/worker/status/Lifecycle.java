package dev.cairn.worker.status;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Where something stands in its lifecycle. It moves by compare-and-set, and only along the transitions that its enum allows,
 * so that of several threads that end something at the same moment one moves it, once. Thread-safe.
 *
 * @param <S> the enum of its stages
 */
public final class Lifecycle<S extends Enum<S> & Lifecycle.Stage<S>> {

    /** A stage that knows which ones may follow. */
    public interface Stage<S> {

        /** Whether this stage may be followed by that one. */
        boolean canBecome(S next);
    }

    private final AtomicReference<S> current;

    public Lifecycle(S first) {
        this.current = new AtomicReference<>(first);
    }

    public S get() {
        return current.get();
    }

    /**
     * Moves from one stage to another.
     *
     * @return whether this call has moved it: {@code false} when it stands elsewhere
     * @throws IllegalStateException when the enum does not allow it, which is an error of the caller
     */
    public boolean move(S from, S to) {
        requireAllowed(from, to);
        return current.compareAndSet(from, to);
    }

    /**
     * Moves from wherever it stands.
     *
     * @return where it stood
     * @throws IllegalStateException when the enum does not allow it from there; nothing has changed
     */
    public S become(S to) {
        return current.getAndUpdate(from -> {
            requireAllowed(from, to);
            return to;
        });
    }

    private void requireAllowed(S from, S to) {
        if (!from.canBecome(to)) {
            throw new IllegalStateException(
                    from.getDeclaringClass().getSimpleName() + ": " + from + " cannot become " + to);
        }
    }
}
