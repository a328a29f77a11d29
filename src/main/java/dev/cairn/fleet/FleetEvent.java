package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.WorkerEvent;

/** What a worker lets the others know. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FleetEvent.CheckpointEnded.class, name = "checkpoint"),
    @JsonSubTypes.Type(value = FleetEvent.SavepointEnded.class, name = "savepoint"),
    @JsonSubTypes.Type(value = FleetEvent.PartitionRestored.class, name = "restored"),
    @JsonSubTypes.Type(value = FleetEvent.CommandDone.class, name = "done"),
    @JsonSubTypes.Type(value = FleetEvent.OperationStands.class, name = "operation")
})
public sealed interface FleetEvent {

    /** What the history has a row for. */
    sealed interface Row extends FleetEvent {

        /** The instance that took it. */
        String worker();
    }

    /** A checkpoint of a loop has completed or failed. */
    record CheckpointEnded(CheckpointReport checkpoint) implements Row {

        @Override
        public String worker() {
            return checkpoint.worker();
        }
    }

    /**
     * A savepoint of the whole job has completed or failed.
     *
     * @param worker the instance that made it
     * @param triggeredAt when it was asked for
     * @param duration from then on, with the checkpoints that came before it
     * @param location its own directory; empty where it failed
     * @param number the highest number of the checkpoints in it
     * @param bytes of all its files
     * @param entries keys with a value
     * @param partitions of the job
     * @param failure why it failed; empty otherwise
     */
    record SavepointEnded(
            String worker,
            Instant triggeredAt,
            Duration duration,
            String location,
            long number,
            long bytes,
            long entries,
            int partitions,
            String failure)
            implements Row {}

    /** A partition runs, with the state of a checkpoint. */
    record PartitionRestored(WorkerEvent.PartitionRestored restored) implements FleetEvent {}

    /**
     * A worker has done what it was told.
     *
     * @param command the id
     * @param worker the instance
     * @param at when
     * @param failure why it could not; empty otherwise
     */
    record CommandDone(String command, String worker, Instant at, String failure) implements FleetEvent {}

    /**
     * Something long that was asked of a worker has begun or ended.
     *
     * @param worker the instance that was asked
     * @param id to ask for it by
     * @param outcome what came of it; null while it runs
     */
    record OperationStands(
            String worker,
            String id,
            Operation.Kind kind,
            Instant startedAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) Outcome outcome)
            implements FleetEvent {

        /**
         * What came of an operation. Texts are empty where there is nothing to say.
         *
         * @param failureType the class of the error
         */
        record Outcome(Instant endedAt, String location, String failureType, String failure, String remark) {}

        static OperationStands of(String worker, Operation operation) {
            return new OperationStands(
                    worker,
                    operation.id(),
                    operation.kind(),
                    operation.startedAt(),
                    operation.endedAt().map(at -> outcome(at, operation)).orElse(null));
        }

        private static Outcome outcome(Instant endedAt, Operation operation) {
            Optional<Operation.Failure> failure = operation.failure();
            return new Outcome(
                    endedAt,
                    operation.location().orElse(""),
                    failure.map(Operation.Failure::type).orElse(""),
                    failure.map(Operation.Failure::message).orElse(""),
                    operation.remark().orElse(""));
        }

        Operation operation() {
            Optional<Outcome> ended = Optional.ofNullable(outcome);
            return new Operation(
                    id,
                    kind,
                    ended.isPresent() ? Operation.State.COMPLETED : Operation.State.IN_PROGRESS,
                    startedAt,
                    ended.map(Outcome::endedAt),
                    ended.map(Outcome::location).filter(text -> !text.isEmpty()),
                    ended.filter(how -> !how.failureType().isEmpty())
                            .map(how -> new Operation.Failure(how.failureType(), how.failure())),
                    ended.map(Outcome::remark).filter(text -> !text.isEmpty()));
        }
    }
}
