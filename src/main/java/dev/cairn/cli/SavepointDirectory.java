package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.job.SavepointTarget;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;
import dev.cairn.storage.Clause;
import dev.cairn.storage.StorageException;

/** Where new savepoints go. */
final class SavepointDirectory {

    private SavepointDirectory() {}

    /**
     * The directory that somebody names, or that of the settings where nobody does.
     *
     * @param checkpoints where no savepoint belongs
     */
    static CheckpointsDirectory of(String named, CheckpointsDirectory checkpoints) {
        CheckpointsDirectory directory = named == null ? configured() : CheckpointsDirectory.of(named);
        requireApart(directory, checkpoints);
        return directory;
    }

    /**
     * The directory of a rescaled savepoint: the named one, or that of the savepoint it is made from.
     *
     * @param from where the savepoint is that it is made from
     */
    static CheckpointsDirectory ofRescaled(String named, CheckpointsDirectory from) {
        CheckpointsDirectory directory = named == null ? from : CheckpointsDirectory.of(named);
        try {
            SettingsReader.checkpointsDirIfSet(ConfigProvider.getConfig())
                    .ifPresent(checkpoints -> requireApart(directory, CheckpointsDirectory.of(checkpoints)));
        } catch (SettingsException e) {
            throw new CommandException(String.join(" ", e.problems()), e);
        }
        return directory;
    }

    private static void requireApart(CheckpointsDirectory directory, CheckpointsDirectory checkpoints) {
        try {
            SavepointTarget.requireApart(directory.location(), checkpoints.location());
        } catch (StorageException | IllegalArgumentException e) {
            throw new CommandException(Clause.of(e) + ". Correct the path, --dir or state.checkpoints.dir", e);
        }
    }

    private static CheckpointsDirectory configured() {
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
