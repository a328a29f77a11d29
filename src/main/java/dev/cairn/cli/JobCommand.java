package dev.cairn.cli;

import picocli.CommandLine.Command;

/** What can be done with jobs. */
@Command(
        name = "job",
        description = "Look at jobs.",
        subcommands = {JobListCommand.class})
final class JobCommand {}
