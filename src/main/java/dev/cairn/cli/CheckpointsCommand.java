package dev.cairn.cli;

import picocli.CommandLine.Command;

/** What can be done with checkpoints. */
@Command(
        name = "checkpoints",
        description = "Look at the checkpoints of a job.",
        subcommands = {CheckpointsListCommand.class, CheckpointsInspectCommand.class, CheckpointsVerifyCommand.class})
final class CheckpointsCommand {}
