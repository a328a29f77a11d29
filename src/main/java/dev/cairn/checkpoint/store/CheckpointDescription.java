package dev.cairn.checkpoint.store;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.state.StateDescriptor;

/**
 * Everything that a checkpoint's {@code _metadata} says, as it is shown: without the state that it may hold itself.
 *
 * @param location of the checkpoint
 * @param committed what proves that it is
 * @param deltaBytes what had changed
 * @param fullBytes what a restore takes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointDescription(
        String location,
        CommitProof committed,
        int formatVersion,
        String job,
        int partition,
        long number,
        String uid,
        CheckpointId parent,
        Instant createdAt,
        CheckpointMetadata.Writer writtenBy,
        List<InputPosition> positions,
        List<StateDescriptor> states,
        Base base,
        List<DeltaDescription> deltas,
        CheckpointMetadata.Durations durations,
        long deltaBytes,
        long fullBytes) {

    public CheckpointDescription {
        positions = List.copyOf(positions);
        states = List.copyOf(states);
        deltas = List.copyOf(deltas);
    }

    /**
     * What is shown of a delta: where it is, or how much of it the {@code _metadata} holds itself.
     *
     * @param checkpoints unique ids of what it holds
     * @param object where it is, if it is an object of its own
     * @param inlineBytes its size, if it is not
     * @param inlineCrc32c the same
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeltaDescription(List<String> checkpoints, ObjectRef object, Long inlineBytes, String inlineCrc32c) {

        public DeltaDescription {
            checkpoints = List.copyOf(checkpoints);
        }

        static DeltaDescription of(Delta delta) {
            return new DeltaDescription(
                    delta.checkpoints(),
                    delta.file(),
                    delta.inline() == null ? null : delta.bytes(),
                    delta.inlineCrc32c());
        }
    }

    /** Of a checkpoint below a partition's directory. */
    public static CheckpointDescription of(String partition, FoundCheckpoint.Legible checkpoint) {
        CheckpointMetadata metadata = checkpoint.metadata();
        return new CheckpointDescription(
                partition + "/" + metadata.id(),
                checkpoint.proof(),
                metadata.formatVersion(),
                metadata.job(),
                metadata.partition(),
                metadata.number(),
                metadata.uid(),
                metadata.parent(),
                metadata.createdAt(),
                metadata.writtenBy(),
                metadata.positions(),
                metadata.states(),
                metadata.base(),
                metadata.deltas().stream().map(DeltaDescription::of).toList(),
                metadata.durations(),
                metadata.deltaBytes(),
                metadata.fullBytes());
    }
}
