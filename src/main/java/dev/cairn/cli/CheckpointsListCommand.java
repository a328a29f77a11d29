package dev.cairn.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import picocli.CommandLine.Command;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.FoundCheckpoint.CommitProof;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.FoundCheckpoints;
import dev.cairn.job.Jobs;
import dev.cairn.settings.MemorySize;
import dev.cairn.state.StateDescriptor;
import dev.cairn.storage.ObjectStore;

/** The checkpoints of a job, newest first. */
@Command(
        name = "list",
        description = "List the checkpoints of a job, newest first. Does not read their files: see verify.")
final class CheckpointsListCommand extends OneJobCommand {

    /** What is shown of a checkpoint. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Row(
            String job,
            int partition,
            long number,
            CommitProof committed,
            String uid,
            Instant createdAt,
            Long deltaBytes,
            Long fullBytes,
            List<StateDescriptor> states,
            List<InputPosition> positions,
            String damage) {

        static Row of(String job, int partition, FoundCheckpoint checkpoint) {
            Optional<CheckpointMetadata> content = checkpoint.content();
            return new Row(
                    job,
                    partition,
                    checkpoint.number(),
                    checkpoint.proof(),
                    content.map(CheckpointMetadata::uid).orElse(null),
                    content.map(CheckpointMetadata::createdAt).orElse(null),
                    content.map(CheckpointMetadata::deltaBytes).orElse(null),
                    content.map(CheckpointMetadata::fullBytes).orElse(null),
                    content.map(CheckpointMetadata::states).orElse(null),
                    content.map(CheckpointMetadata::positions).orElse(null),
                    checkpoint.damage().orElse(null));
        }
    }

    @Override
    public Integer call() {
        String name = job();
        List<Row> rows = new ArrayList<>();
        try (ObjectStore objects = directory().open()) {
            List<Integer> partitions = Jobs.partitions(objects, name);
            for (int partition : partitions) {
                for (FoundCheckpoint checkpoint : FoundCheckpoints.in(new CheckpointStore(objects, name, partition))) {
                    rows.add(Row.of(name, partition, checkpoint));
                }
            }
        }
        return print(
                rows,
                table(rows).toString(),
                rows.stream()
                        .filter(row -> row.damage() != null)
                        .map(row -> row.damage() + ". " + Jobs.WAY_OUT)
                        .toList());
    }

    private static Table table(List<Row> rows) {
        Table table =
                new Table("PARTITION", "CHECKPOINT", "WRITTEN", "DELTA", "FULL", "COMMITTED", "STATES", "POSITIONS");
        for (Row row : rows) {
            String number = "chk-" + row.number();
            String committed = Texts.committed(row.committed());
            if (row.damage() == null) {
                table.row(
                        row.partition(),
                        number,
                        Texts.time(row.createdAt()),
                        MemorySize.approximately(row.deltaBytes()),
                        MemorySize.approximately(row.fullBytes()),
                        committed,
                        Texts.states(row.states()),
                        Texts.positions(row.positions()));
            } else {
                table.row(row.partition(), number, "damaged", "-", "-", committed, "-", "-");
            }
        }
        return table;
    }
}
