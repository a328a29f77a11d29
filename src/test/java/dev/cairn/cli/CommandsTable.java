package dev.cairn.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands as {@code docs/reference/cli.md} shows them. */
final class CommandsTable {

    private CommandsTable() {}

    /** A table in Markdown, without a line break at its end. */
    static String markdown() {
        return leaves(CommandLines.create())
                .map(CommandsTable::row)
                .collect(Collectors.joining("\n", "| command | what it does |\n| --- | --- |\n", ""));
    }

    /** The commands that do something. */
    static Stream<CommandLine> leaves(CommandLine command) {
        List<CommandLine> below = List.copyOf(command.getSubcommands().values());
        return below.isEmpty() ? Stream.of(command) : below.stream().flatMap(CommandsTable::leaves);
    }

    private static String row(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String name = spec.qualifiedName().substring("cairn ".length());
        String parameters = spec.positionalParameters().stream()
                .map(PositionalParamSpec::paramLabel)
                .map(label -> " " + label)
                .collect(Collectors.joining());
        return "| `" + name + parameters + "` | "
                + String.join(" ", spec.usageMessage().description()) + " |";
    }
}
