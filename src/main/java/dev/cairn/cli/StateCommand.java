package dev.cairn.cli;

import picocli.CommandLine.Command;

/** What can be done with the state in checkpoints and savepoints. */
@Command(
        name = "state",
        description = "Look at the state in checkpoints and savepoints.",
        subcommands = {StateExportCommand.class, StateGetCommand.class})
final class StateCommand {}
