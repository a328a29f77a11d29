package dev.cairn.cli;

import java.time.Duration;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.cairn.job.JobOperations;
import dev.cairn.names.SettingNames;

/** The end of a job, with its state put aside to be started from. */
@Command(
        name = "stop",
        description =
                "Stop a job with a savepoint: all workers take a last checkpoint and end, and none runs the job again"
                        + " until job start, or until it is started from a path. Needs "
                        + SettingNames.KAFKA_BOOTSTRAP_SERVERS + ".")
final class StopCommand extends OneJobCommand {

    @Option(
            names = "--savepoint",
            arity = "0..1",
            fallbackValue = "",
            required = true,
            paramLabel = "<target>",
            description =
                    "Directory to make the savepoint in; default: the setting " + SettingNames.SAVEPOINTS_DIR + ".")
    private String target;

    @Option(names = "--drain", description = "Before that, wait until all is processed that is in the input now.")
    private boolean drain;

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            defaultValue = "10min",
            converter = DurationConverter.class,
            description = "How long to wait for that, and for the workers' end; default: 10min.")
    private Duration timeout;

    @Override
    public Integer call() {
        return makeSavepoint(
                target.isEmpty() ? null : target,
                true,
                (operations, savepoints, progress) -> operations.stop(
                        drain ? JobOperations.Drain.ALL_INPUT : JobOperations.Drain.NONE,
                        savepoints,
                        timeout,
                        retention(),
                        progress));
    }
}
