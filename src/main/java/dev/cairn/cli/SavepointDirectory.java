package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/** Where new savepoints go. */
final class SavepointDirectory {

    private SavepointDirectory() {}

    /** The directory that somebody names, or that of the settings where nobody does. */
    static CheckpointsDirectory of(String named) {
        if (named != null) {
            return CheckpointsDirectory.of(named);
        }
        try {
            return SettingsReader.savepointsDir(ConfigProvider.getConfig())
                    .map(CheckpointsDirectory::of)
                    .orElseThrow(() -> new CommandException(
                            "no directory for savepoints is given, and state.savepoints.dir is not set. Name one"));
        } catch (SettingsException e) {
            throw new CommandException(String.join(" ", e.problems()), e);
        }
    }
}
