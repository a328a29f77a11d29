package dev.cairn.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.savepoint.UnfitSnapshotException;
import dev.cairn.job.JobException;
import dev.cairn.job.Jobs;
import dev.cairn.state.AuthorError;
import dev.cairn.state.LocalStateException;
import dev.cairn.storage.Clause;
import dev.cairn.storage.Printable;
import dev.cairn.storage.StorageException;

/** The command line: its commands, and what it says when one of them fails. */
final class CommandLines {

    private CommandLines() {}

    /** What a shell makes of a process that wrote to a pipe without a reader: 128 and the signal's number. */
    private static final int BROKEN_PIPE = 128 + 13;

    /** Runs what was typed. @return the exit code */
    static int run(StandardOutput output, String... arguments) {
        PrintWriter out = output.printer();
        CommandLine commands = create().setOut(out);
        int code = commands.execute(arguments);
        out.flush();
        if (output.isBroken()) {
            return BROKEN_PIPE;
        }
        if (output.failure().isPresent()) {
            say(
                    commands,
                    "cannot write to standard output: "
                            + Clause.of(output.failure().get()) + ". Correct that, and run the command again");
            return CommandLine.ExitCode.SOFTWARE;
        }
        return code;
    }

    static CommandLine create() {
        return new CommandLine(new CairnCommand())
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
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
            String message = e.getMessage() == null ? "" : ": " + oneLine(e.getMessage());
            say(command, "unexpected error, please report it: " + AuthorError.classAndLine(e) + message);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Says what is wrong, in one line. */
    static void say(CommandLine command, String error) {
        command.getErr().println("error: " + Printable.line(error));
        command.getErr().flush();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
