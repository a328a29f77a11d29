package dev.cairn.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import dev.cairn.checkpoint.DamagedCheckpointException;
import dev.cairn.checkpoint.UnfitSnapshotException;
import dev.cairn.job.JobException;
import dev.cairn.job.Jobs;
import dev.cairn.state.LocalStateException;
import dev.cairn.storage.StorageException;

/** The command line: its commands, and what it says when one of them fails. */
final class CommandLines {

    private CommandLines() {}

    /** What commands print is UTF-8 whatever the terminal is set to: JSON has to be. */
    static CommandLine create() {
        return new CommandLine(new CairnCommand())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(CommandLines::badUsage)
                .setExecutionExceptionHandler(CommandLines::failed);
    }

    private static int badUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        List<String> meant = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        say(
                command,
                oneLine(e.getMessage())
                        + (meant.isEmpty() ? "" : ". Did you mean: " + String.join(", ", meant) + "?")
                        + ". See: " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) {
        boolean saysWhatToDo =
                e instanceof CommandException || e instanceof JobException || e instanceof UnfitSnapshotException;
        boolean saysWhatHappened = e instanceof StorageException || e instanceof LocalStateException;
        if (saysWhatToDo) {
            say(command, oneLine(e.getMessage()));
        } else if (e instanceof DamagedCheckpointException) {
            say(command, oneLine(e.getMessage()) + ". " + Jobs.WAY_OUT);
        } else if (saysWhatHappened) {
            say(command, oneLine(e.getMessage()) + ". Correct that, and run the command again");
        } else {
            say(command, "an error that this command does not know, please report it: " + oneLine(e.toString()));
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void say(CommandLine command, String error) {
        command.getErr().println("error: " + error);
        command.getErr().flush();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
