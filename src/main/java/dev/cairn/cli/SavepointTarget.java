package dev.cairn.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/** Where new savepoints go. */
final class SavepointTarget {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private SavepointTarget() {}

    /** The directory that somebody names, or that of the settings. */
    static CheckpointsDirectory directory(String named) {
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

    /** A new savepoint's name. */
    static String name(String job) {
        return "savepoint-" + job + "-" + TIME.format(Instant.now()) + "-"
                + UUID.randomUUID().toString().substring(0, 6);
    }
}
