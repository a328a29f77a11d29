package dev.cairn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import dev.cairn.job.JobOperations;
import dev.cairn.names.SettingNames;

/** A savepoint of a job as it stands, whether it runs or not. */
@Command(
        name = "create",
        description =
                "Copy the last committed checkpoints of a job, which may run or not, into a savepoint: a directory that"
                        + " needs nothing else. Asks the group which they are where "
                        + SettingNames.KAFKA_BOOTSTRAP_SERVERS + " is set.")
final class SavepointCreateCommand extends OneJobCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "[<target>]",
            description =
                    "Directory to make the savepoint in; default: the setting " + SettingNames.SAVEPOINTS_DIR + ".")
    private String target;

    @Override
    public Integer call() {
        return makeSavepoint(target, false, JobOperations::createSavepoint);
    }
}
