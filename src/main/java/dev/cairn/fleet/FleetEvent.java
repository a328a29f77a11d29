package dev.cairn.fleet;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.cairn.worker.CheckpointReport;
import dev.cairn.worker.WorkerEvent;

/** What a worker lets the others know. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FleetEvent.CheckpointEnded.class, name = "checkpoint"),
    @JsonSubTypes.Type(value = FleetEvent.SavepointEnded.class, name = "savepoint"),
    @JsonSubTypes.Type(value = FleetEvent.PartitionRestored.class, name = "restored"),
    @JsonSubTypes.Type(value = FleetEvent.CommandDone.class, name = "done")
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
}
