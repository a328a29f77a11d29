package dev.cairn.fleet;

import java.time.Instant;
import java.util.Optional;

/**
 * Something long that someone has asked for.
 *
 * @param id to ask for it by
 * @param kind what it is
 * @param state whether it still runs
 * @param startedAt when it was asked for
 * @param endedAt when it ended
 * @param location of the savepoint, once there is one
 * @param failure why it failed
 * @param remark what there is to say of an operation that has not failed, such as workers that did not answer
 */
public record Operation(
        String id,
        Kind kind,
        State state,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> location,
        Optional<Failure> failure,
        Optional<String> remark) {

    /**
     * Why it failed.
     *
     * @param type the class of the error
     * @param message for people
     */
    public record Failure(String type, String message) {

        static Failure of(Throwable cause) {
            return new Failure(cause.getClass().getName(), String.valueOf(cause.getMessage()));
        }
    }

    /** What can be asked for. */
    public enum Kind {
        CHECKPOINT,
        SAVEPOINT,
        STOP,
        PAUSE,
        RESUME,
        CANCEL,
        START
    }

    /** Where it stands. */
    public enum State {
        IN_PROGRESS,
        /** Ended, with success or a failure. */
        COMPLETED
    }

    static Operation begun(String id, Kind kind) {
        return new Operation(
                id,
                kind,
                State.IN_PROGRESS,
                Instant.now(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Operation ended(Result result) {
        return ended(
                Optional.of(result.location()).filter(text -> !text.isEmpty()),
                Optional.empty(),
                Optional.of(result.remark()).filter(text -> !text.isEmpty()));
    }

    Operation failed(Throwable cause) {
        return ended(Optional.empty(), Optional.of(Failure.of(cause)), Optional.empty());
    }

    private Operation ended(Optional<String> where, Optional<Failure> cause, Optional<String> said) {
        return new Operation(id, kind, State.COMPLETED, startedAt, Optional.of(Instant.now()), where, cause, said);
    }

    /**
     * What came of it.
     *
     * @param location of a savepoint; empty where there is none
     * @param remark what there is to say; empty where there is nothing
     */
    record Result(String location, String remark) {

        static Result of(String remark) {
            return new Result("", remark);
        }
    }
}
