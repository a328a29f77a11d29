package dev.cairn.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.annotation.JsonInclude;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.cairn.checkpoint.CheckpointStore;
import dev.cairn.checkpoint.FoundCheckpoint;
import dev.cairn.storage.ObjectStore;

/** The jobs that have checkpoints in a directory. */
@Command(name = "list", description = "List the jobs that have checkpoints in a directory.")
final class JobListCommand implements Callable<Integer> {

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** What is shown of a job. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Row(String job, int partitions, int checkpoints, Instant newest) {}

    @Override
    public Integer call() {
        CheckpointsDirectory chosen = directory.directory();
        List<Row> rows = new ArrayList<>();
        try (ObjectStore objects = chosen.open()) {
            for (String job : names(chosen)) {
                rows.add(row(objects, job));
            }
        }
        Table table = new Table("JOB", "PARTITIONS", "CHECKPOINTS", "NEWEST");
        rows.forEach(row -> table.row(
                row.job(),
                row.partitions(),
                row.checkpoints(),
                Optional.ofNullable(row.newest()).map(Texts::time).orElse("-")));
        output.print(spec.commandLine().getOut(), rows, table.toString());
        return ExitCode.OK;
    }

    private static List<String> names(CheckpointsDirectory directory) {
        // A store lists what is below a directory, and has no way to list all of its own.
        Path local = directory
                .local()
                .orElseThrow(() -> new CommandException("the jobs of " + directory.location()
                        + " cannot be listed yet, only those of a file system. Look at one: checkpoints list --job"));
        return LocalDirectories.below(local, "[A-Za-z0-9._-]+").stream()
                .filter(job ->
                        !LocalDirectories.below(job, "partition-[0-9]{1,9}").isEmpty())
                .map(job -> job.getFileName().toString())
                .toList();
    }

    private static Row row(ObjectStore objects, String job) {
        List<Integer> partitions = CheckpointStore.partitions(objects, job);
        List<FoundCheckpoint> checkpoints = partitions.stream()
                .flatMap(partition -> FoundCheckpoint.in(new CheckpointStore(objects, job, partition)).stream())
                .toList();
        Instant newest = checkpoints.stream()
                .filter(FoundCheckpoint.Legible.class::isInstance)
                .map(checkpoint ->
                        ((FoundCheckpoint.Legible) checkpoint).metadata().createdAt())
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new Row(job, partitions.size(), checkpoints.size(), newest);
    }
}
