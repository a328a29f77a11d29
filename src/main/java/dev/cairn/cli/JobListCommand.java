package dev.cairn.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import picocli.CommandLine.Command;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.FoundCheckpoints;
import dev.cairn.storage.ObjectStore;

/** The jobs that have checkpoints in a directory. */
@Command(name = "list", description = "List the jobs that have checkpoints in a directory.")
final class JobListCommand extends DirectoryCommand {

    /** What is shown of a job. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Row(String job, int partitions, int checkpoints, Instant newest) {}

    @Override
    public Integer call() {
        List<Row> rows = new ArrayList<>();
        try (ObjectStore objects = directory().open()) {
            for (String job : CheckpointStore.jobs(objects)) {
                rows.add(row(objects, job));
            }
        }
        Table table = new Table("JOB", "PARTITIONS", "CHECKPOINTS", "NEWEST");
        rows.forEach(row -> table.row(
                row.job(),
                row.partitions(),
                row.checkpoints(),
                Optional.ofNullable(row.newest()).map(Texts::time).orElse("-")));
        return print(rows, table.toString());
    }

    private static Row row(ObjectStore objects, String job) {
        List<Integer> partitions = CheckpointStore.partitions(objects, job);
        List<FoundCheckpoint> checkpoints = partitions.stream()
                .flatMap(partition -> FoundCheckpoints.in(new CheckpointStore(objects, job, partition)).stream())
                .toList();
        Instant newest = checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.content().stream())
                .map(CheckpointMetadata::createdAt)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new Row(job, partitions.size(), checkpoints.size(), newest);
    }
}
