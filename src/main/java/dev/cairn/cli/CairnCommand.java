package dev.cairn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import dev.cairn.settings.Version;

/** Everything that can be typed. */
@Command(
        name = "cairn",
        description = "A stateful Kafka worker, and commands that manage its state.",
        subcommands = {
            RunCommand.class,
            CheckpointsCommand.class,
            SavepointCommand.class,
            StateCommand.class,
            StopCommand.class,
            JobCommand.class,
            HealthCommand.class,
            CompletionCommand.class
        },
        versionProvider = CairnCommand.ShownVersion.class,
        footer = {"", "Exit codes: 0 fine, 1 something is wrong or has failed, 2 bad usage."})
final class CairnCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the version
    private boolean version;

    /** What {@code --version} shows. */
    static final class ShownVersion implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "cairn " + Version.VERSION + ", " + System.getProperty("java.vm.name") + " "
                        + System.getProperty("java.version")
            };
        }
    }
}
