package dev.cairn.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.savepoint.SavepointStore;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;

/** The end of a savepoint. */
@Command(name = "dispose", description = "Delete a savepoint. Jobs that were started from it do without.")
final class SavepointDisposeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<path>", description = "The savepoint.")
    private String path;

    @Option(names = "--force", description = "Delete it although its _metadata cannot be read.")
    private boolean force;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** What is shown. */
    private record Result(String deleted) {}

    @Override
    public Integer call() {
        SavepointPath savepoint = SavepointPath.of(path);
        try (ObjectStore objects = savepoint.directory().openToChange()) {
            requireSavepoint(savepoint, objects);
            SavepointStore savepoints = new SavepointStore(objects);
            savepoints.delete(savepoint.name());
            String location = savepoints.location(savepoint.name());
            output.print(spec.commandLine().getOut(), new Result(location), "deleted " + location);
        }
        return ExitCode.OK;
    }

    private void requireSavepoint(SavepointPath savepoint, ObjectStore objects) {
        try {
            savepoint.read(objects);
        } catch (DamagedCheckpointException e) {
            if (!force) {
                throw new CommandException(
                        Clause.of(e) + ". Give --force to delete everything in the directory all the same", e);
            }
        }
    }
}
