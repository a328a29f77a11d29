package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;
import picocli.CommandLine.Option;

import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/** Where the checkpoints are: as the worker's settings say, if nobody says otherwise. */
final class DirectoryOption {

    @Option(
            names = "--dir",
            paramLabel = "<directory>",
            description = "Directory of the checkpoints; default: the setting state.checkpoints.dir.")
    private String directory;

    CheckpointsDirectory directory() {
        if (directory != null) {
            return CheckpointsDirectory.of(directory);
        }
        try {
            return CheckpointsDirectory.of(SettingsReader.checkpointsDir(ConfigProvider.getConfig()));
        } catch (SettingsException e) {
            throw missing("--dir", e);
        }
    }

    /** For an option that is not given, and whose setting cannot serve. */
    static CommandException missing(String option, SettingsException cause) {
        return new CommandException(
                option + " is not given, and of the settings " + String.join(" ", cause.problems()), cause);
    }
}
