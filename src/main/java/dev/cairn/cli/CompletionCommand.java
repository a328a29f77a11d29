package dev.cairn.cli;

import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** For shells that complete what is typed. */
@Command(
        name = "completion",
        description = "Print a script that lets bash or zsh complete commands and options: source <(cairn completion).")
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(script());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    /** picocli writes numbers in the machine's language, which a shell does not read. */
    private String script() {
        Locale machines = Locale.getDefault(Locale.Category.FORMAT);
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        try {
            return AutoComplete.bash("cairn", spec.root().commandLine());
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, machines);
        }
    }
}
