package dev.cairn.cli;

import dev.cairn.job.SavepointTarget;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;

/** Where new savepoints go. */
final class SavepointDirectory {

    private SavepointDirectory() {}

    /**
     * The directory that someone names, or that of the settings where no one does.
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
        CommandConfig.read(config -> CheckpointSettings.of(config).dirIfSet())
                .ifPresent(checkpoints -> requireApart(directory, CheckpointsDirectory.of(checkpoints)));
        return directory;
    }

    private static void requireApart(CheckpointsDirectory directory, CheckpointsDirectory checkpoints) {
        CheckpointsDirectory.opened(() -> {
            SavepointTarget.requireApart(directory.location(), checkpoints.location());
            return directory;
        });
    }

    private static CheckpointsDirectory configured() {
        return CommandConfig.read(config -> CheckpointSettings.of(config).savepointsDir())
                .map(CheckpointsDirectory::of)
                .orElseThrow(() -> new CommandException("no directory for savepoints is given, and "
                        + SettingNames.SAVEPOINTS_DIR + " is not set. Name one"));
    }
}
