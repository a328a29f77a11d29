package dev.cairn.cli;

import picocli.CommandLine.Option;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;

/** A command about a directory of checkpoints: that of the worker's settings, if no other is given. */
abstract class DirectoryCommand extends ResultCommand {

    @Option(
            names = "--dir",
            paramLabel = "<directory>",
            description = "Directory of the checkpoints; default: the setting " + SettingNames.CHECKPOINTS_DIR + ".")
    private String directory;

    final CheckpointsDirectory directory() {
        return CheckpointsDirectory.of(
                directory != null
                        ? directory
                        : CommandConfig.insteadOf(
                                "--dir", config -> CheckpointSettings.of(config).dir()));
    }
}
