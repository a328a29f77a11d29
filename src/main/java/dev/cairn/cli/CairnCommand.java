package dev.cairn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Everything that can be typed. */
@Command(
        name = "cairn",
        description = "A stateful Kafka worker, and commands that look after its state.",
        subcommands = {
            RunCommand.class,
            CheckpointsCommand.class,
            SavepointCommand.class,
            StateCommand.class,
            StopCommand.class,
            JobCommand.class
        },
        footer = {"", "Exit codes: 0 fine, 1 something is wrong or has failed, 2 bad usage."})
final class CairnCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help
    private boolean help;
}
