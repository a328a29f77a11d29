package dev.cairn.cli;

import picocli.CommandLine.Command;

/** What can be done with jobs. */
@Command(
        name = "job",
        description = "Look at jobs, end them, and let them run again.",
        subcommands = {JobListCommand.class, JobStatusCommand.class, JobCancelCommand.class, JobStartCommand.class})
final class JobCommand {}
