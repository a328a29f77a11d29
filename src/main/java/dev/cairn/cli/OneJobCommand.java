package dev.cairn.cli;

import picocli.CommandLine.Option;

import dev.cairn.job.CreatedSavepoint;
import dev.cairn.job.Group;
import dev.cairn.job.JobOperations;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.JobSettings;
import dev.cairn.settings.Retention;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;

/** A command about one job: that of the worker's settings, if no other is given. */
abstract class OneJobCommand extends DirectoryCommand {

    @Option(
            names = "--job",
            paramLabel = "<job>",
            description = "Name of the job; default: the setting " + SettingNames.JOB + ".")
    private String job;

    final String job() {
        return job != null
                ? CommandConfig.read("--job: ", config -> JobSettings.checkedName(job))
                : CommandConfig.insteadOf(
                        "--job", config -> JobSettings.of(config).name());
    }

    /** What stays of a job that ends on purpose. */
    static Retention retention() {
        return CommandConfig.read(config -> CheckpointSettings.of(config).retention());
    }

    static JobOperations operations(String job, ObjectStore objects, Group group) {
        return new JobOperations(job, Version.VERSION, objects, group);
    }

    /** Makes a savepoint of the job. */
    @FunctionalInterface
    interface Making {
        CreatedSavepoint make(JobOperations job, ObjectStore savepoints, ProgressBars progress);
    }

    /**
     * Makes a savepoint and prints it.
     *
     * @param target where, or null for the directory of the settings
     * @param changesJob whether the job's own directory is written
     * @return the exit code
     */
    final int makeSavepoint(String target, boolean changesJob, Making making) {
        String name = job();
        CheckpointsDirectory from = directory();
        CheckpointsDirectory to = SavepointDirectory.of(target, from);
        SavepointShown shown;
        try (Group group = group(name);
                ObjectStore objects = changesJob ? from.openToChange() : from.open();
                ObjectStore savepoints = to.openToWrite();
                ProgressBars progress = progress()) {
            shown = SavepointShown.of(making.make(operations(name, objects, group), savepoints, progress));
        }
        return print(shown, shown.text());
    }
}
