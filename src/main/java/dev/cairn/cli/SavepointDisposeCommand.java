package dev.cairn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.savepoint.SavepointStore;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;

/** The end of a savepoint. */
@Command(name = "dispose", description = "Delete a savepoint. Jobs that were started from it do not need it.")
final class SavepointDisposeCommand extends ResultCommand {

    @Parameters(paramLabel = "<path>", description = "The savepoint.")
    private String path;

    @Option(names = "--force", description = "Delete it although its _metadata cannot be read.")
    private boolean force;

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
            return print(new Result(location), "deleted " + location);
        }
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
