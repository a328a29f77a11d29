package dev.cairn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.CheckpointVerifier;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.Verdict;
import dev.cairn.job.Jobs;
import dev.cairn.settings.MemorySize;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/** Whether checkpoints are whole. */
@Command(
        name = "verify",
        description =
                "Read everything that checkpoints need, and check size and CRC32C. Exit code 1 when anything is wrong.")
final class CheckpointsVerifyCommand extends ResultCommand {

    @Parameters(
            paramLabel = "<path>",
            description = "A chk-<n> directory, its _metadata, a partition's directory, or a job's.")
    private String path;

    /** What is shown of an object that a checkpoint does not have. */
    private record Bad(String object, Verdict.Kind kind, String cause, String wayOut) {}

    /** What is shown of a checkpoint. */
    private record Row(String job, int partition, long number, boolean whole, int objects, long bytes, List<Bad> bad) {}

    @Override
    public Integer call() {
        List<Row> rows;
        CheckpointPath pointed = CheckpointPath.of(path);
        try (ObjectStore objects = pointed.directory().open();
                Scratch scratch = Scratch.create();
                ProgressBars progress = progress()) {
            rows = verify(objects, pointed, scratch.directory(), progress);
        }
        print(rows, text(rows));
        return rows.stream().allMatch(Row::whole) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static List<Row> verify(ObjectStore objects, CheckpointPath pointed, Path scratch, Progress progress) {
        String job = pointed.job();
        List<Row> rows = new ArrayList<>();
        if (pointed.partition().isEmpty()) {
            for (int partition : Jobs.partitions(objects, job)) {
                rows.addAll(verifyAll(new CheckpointStore(objects, job, partition), job, partition, scratch, progress));
            }
        } else {
            int partition = pointed.partition().getAsInt();
            CheckpointStore store = new CheckpointStore(objects, job, partition);
            if (pointed.number().isEmpty()) {
                rows.addAll(verifyAll(store, job, partition, scratch, progress));
            } else {
                long number = pointed.number().getAsLong();
                try {
                    rows.add(row(
                            job, partition, store, new CheckpointVerifier(store, scratch, progress).verify(number)));
                } catch (ObjectMissingException e) {
                    throw Jobs.noCheckpoint(store, number);
                }
            }
        }
        if (rows.isEmpty()) {
            throw new CommandException(
                    "there is no checkpoint in " + pointed.directory().location() + "/" + job
                            + pointed.partition().stream()
                                    .mapToObj(p -> "/partition-" + p)
                                    .findFirst()
                                    .orElse("")
                            + ". Correct the path; job list shows what is there");
        }
        return rows;
    }

    private static List<Row> verifyAll(
            CheckpointStore store, String job, int partition, Path scratch, Progress progress) {
        CheckpointVerifier verifier = new CheckpointVerifier(store, scratch, progress);
        List<Row> rows = new ArrayList<>();
        for (long number : store.list().numbers()) {
            try {
                rows.add(row(job, partition, store, verifier.verify(number)));
            } catch (ObjectMissingException e) {
                // A running job has retired it meanwhile.
            }
        }
        return rows;
    }

    private static Row row(String job, int partition, CheckpointStore store, Verdict verdict) {
        List<Bad> bad = verdict.bad().stream()
                .map(object -> new Bad(
                        store.location() + "/" + object.path(), object.kind(), object.cause(), wayOut(object.kind())))
                .toList();
        return new Row(job, partition, verdict.number(), verdict.isWhole(), verdict.objects(), verdict.bytes(), bad);
    }

    private static String wayOut(Verdict.Kind kind) {
        return switch (kind) {
            case DAMAGED -> Jobs.WAY_OUT;
            case UNREADABLE -> "Correct that, and verify again";
        };
    }

    private static String text(List<Row> rows) {
        Table table = new Table("PARTITION", "CHECKPOINT", "OBJECTS", "BYTES", "RESULT");
        List<String> errors = new ArrayList<>();
        for (Row row : rows) {
            String number = "chk-" + row.number();
            table.row(
                    row.partition(),
                    number,
                    row.objects(),
                    MemorySize.approximately(row.bytes()),
                    row.whole() ? "whole" : row.bad().size() + " bad");
            row.bad()
                    .forEach(bad -> errors.add("partition %s %s: %s. %s"
                            .formatted(row.partition(), number, Clause.of(bad.cause()), bad.wayOut())));
        }
        return errors.isEmpty() ? table.toString() : table + "\n\n" + String.join("\n", errors);
    }

    /** A directory for what is read, gone afterwards. */
    private record Scratch(Path directory) implements AutoCloseable {

        static Scratch create() {
            try {
                return new Scratch(Files.createTempDirectory("cairn-verify-"));
            } catch (IOException e) {
                throw new CommandException(
                        "cannot create a temporary directory: " + e + ". Name one by -Djava.io.tmpdir", e);
            }
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException e) {
                throw new CommandException("cannot delete " + directory + ": " + e + ". Delete it", e);
            }
        }
    }
}
