package dev.cairn.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.cairn.checkpoint.store.Progress;
import dev.cairn.storage.Clause;

/** All entries of state, for other programs to read. */
@Command(
        name = "export",
        description = "Write the state of a checkpoint, a partition, a job or a savepoint as lines of JSON, or as CSV.")
final class StateExportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "<path>",
            description = "A savepoint, a job's directory or a partition's (the newest checkpoint that is known to be"
                    + " committed), or a checkpoint's chk-<n> directory or _metadata.")
    private String path;

    @Option(names = "--state", paramLabel = "<state>", description = "Only this state; default: all of them.")
    private String state;

    @Option(
            names = "--format",
            paramLabel = "jsonl|csv",
            defaultValue = "jsonl",
            description = "jsonl: a JSON object in each line; csv: with a header; default: jsonl.")
    private ExportFormat format;

    @Option(
            names = "--to",
            paramLabel = "<file>",
            description =
                    "Write to this file, which appears, or is replaced, when all is written; default: standard output.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (StoredState stored = StoredState.open(path)) {
            if (state == null) {
                stored.states();
            } else {
                stored.requireState(state);
            }
            if (file == null) {
                export(stored, Progress.NONE)
                        .to(new PrintedLines(spec.commandLine().getOut()));
            } else {
                toFile(stored);
            }
        } catch (PrintedLines.ClosedException e) {
            // CommandLines says why, unless the reader has gone.
            return ExitCode.SOFTWARE;
        } catch (IOException e) {
            throw new CommandException(
                    "cannot write to " + file + ": " + Clause.of(e) + ". Correct that, and run the command again", e);
        }
        return ExitCode.OK;
    }

    private void toFile(StoredState stored) throws IOException {
        long entries;
        try (WholeFile whole = WholeFile.create(file);
                ProgressBars progress = ProgressBars.onTerminal()) {
            entries = export(stored, progress).to(whole.writer());
            whole.finish();
        }
        spec.commandLine().getOut().println(entries + " entries are in " + file.toAbsolutePath());
        spec.commandLine().getOut().flush();
    }

    private StateExport export(StoredState stored, Progress progress) {
        return new StateExport(stored, Optional.ofNullable(state), format, progress);
    }
}
