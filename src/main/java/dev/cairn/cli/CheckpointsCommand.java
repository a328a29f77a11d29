package dev.cairn.cli;

import picocli.CommandLine.Command;

/** What can be done with checkpoints. */
@Command(
        name = "checkpoints",
        description = "Look at the checkpoints of a job, and delete what is needed no more.",
        subcommands = {
            CheckpointsListCommand.class,
            CheckpointsInspectCommand.class,
            CheckpointsVerifyCommand.class,
            CheckpointsGcCommand.class,
            CheckpointsDeleteCommand.class
        })
final class CheckpointsCommand {}
