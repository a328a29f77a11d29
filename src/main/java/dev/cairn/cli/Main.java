package dev.cairn.cli;

import java.util.Locale;

import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Where the process begins. It has a name so that an application with Cairn as a library may have a main class of its own,
 * which then may call this one.
 */
@QuarkusMain(name = "cairn")
public final class Main {

    private Main() {}

    /** Runs the worker, or the command that the arguments name. */
    public static void main(String... arguments) {
        if (arguments.length == 0) {
            // Not by way of the command line's parser: a restart is not to wait for its classes.
            RunCommand.runWorker();
            return;
        }
        if (!arguments[0].equals("run")) {
            // For what libraries format, such as the progress. The worker may share its process with an application.
            Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        }
        CommandConfig.prepare();
        System.exit(CommandLines.run(new StandardOutput(), arguments));
    }
}
