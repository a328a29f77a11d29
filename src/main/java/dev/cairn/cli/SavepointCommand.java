package dev.cairn.cli;

import picocli.CommandLine.Command;

/** What can be done with savepoints. */
@Command(
        name = "savepoint",
        description = "Make savepoints, change them and delete them.",
        subcommands = {SavepointCreateCommand.class, SavepointRescaleCommand.class, SavepointDisposeCommand.class})
final class SavepointCommand {}
