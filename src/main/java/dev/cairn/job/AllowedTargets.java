package dev.cairn.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;
import dev.cairn.storage.Clause;
import dev.cairn.storage.Printable;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreLocation;

/**
 * Where a worker makes savepoints for those who are not at its machine: in {@code state.savepoints.dir}, in what {@code
 * cairn.savepoints.allowed-directories} adds, and below these; never among checkpoints. Every call may block.
 */
public final class AllowedTargets {

    /** For who names no directory where the settings have none. */
    public static final String NONE_NAMED = "no directory for the savepoint is named, and "
            + SettingNames.SAVEPOINTS_DIR + " is not set." + " Set it, or set " + SettingNames.ALLOWED_SAVEPOINT_DIRS
            + " and send {\"target-directory\":\"s3://bucket/prefix\"}";

    private final String checkpoints;
    private final Optional<String> byDefault;
    private final List<String> allowed;

    public AllowedTargets(CheckpointSettings settings) {
        this.checkpoints = settings.dir();
        this.byDefault = settings.savepointsDir();
        this.allowed = Stream.concat(byDefault.stream(), settings.allowedSavepointDirs().stream())
                .toList();
    }

    /** Where a savepoint is made for who names no directory. */
    public Optional<String> byDefault() {
        return byDefault;
    }

    /**
     * Where a savepoint is made.
     *
     * @param named by someone
     * @throws JobException when a savepoint must not be made there, or no one says where
     */
    public String require(Optional<String> named) {
        String target =
                named.map(SavepointTarget::checked).or(() -> byDefault).orElseThrow(() -> new JobException(NONE_NAMED));
        requireAllowed(target, target);
        return target;
    }

    /**
     * Looks again once the directory is open: a step of its path may have become a link in between.
     *
     * @param target as it was named
     * @param opened where it was found to be
     * @throws JobException when a savepoint must not be made there
     */
    public void requireOpened(String target, String opened) {
        requireAllowed(target, opened);
    }

    private void requireAllowed(String target, String place) {
        try {
            SavepointTarget.requireApart(place, checkpoints);
            StoreLocation location = StoreLocation.of(place);
            if (allowed.stream().map(StoreLocation::of).noneMatch(location::isWithin)) {
                throw new JobException(refusal(target));
            }
        } catch (StorageException | IllegalArgumentException e) {
            throw new JobException(
                    "no savepoint can be made in " + Printable.value(target) + ": " + Clause.of(e)
                            + ". Name another directory",
                    e);
        }
    }

    private String refusal(String target) {
        String shown = Printable.value(target);
        return allowed.isEmpty()
                ? "no savepoint can be made in " + shown
                        + ": no directory is allowed, because neither " + SettingNames.SAVEPOINTS_DIR
                        + " nor " + SettingNames.ALLOWED_SAVEPOINT_DIRS + " is set. Set one of them for all workers"
                : "no savepoint can be made in " + shown + ": allowed are " + String.join(", ", allowed)
                        + " and what is below, without symbolic links that lead elsewhere. Name one of these, or add the"
                        + " directory to " + SettingNames.ALLOWED_SAVEPOINT_DIRS + " of all workers";
    }
}
