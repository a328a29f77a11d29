package dev.cairn.cli;

import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the process begins. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        if (arguments.length == 0) {
            // Not by way of the command line's parser: a restart is not to wait for its classes.
            RunCommand.runWorker();
            return;
        }
        CommandConfig.prepare();
        System.exit(CommandLines.create().execute(arguments));
    }
}
