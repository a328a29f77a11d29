package dev.cairn.cli;

import io.quarkus.runtime.Quarkus;
import picocli.CommandLine.Command;

/**
 * The worker. It is what the application does: the only command that starts Quarkus, and with it the worker, an HTTP port
 * and clients of Kafka.
 */
@Command(name = "run", description = "Run the worker; the default, when no command is given.")
final class RunCommand implements Runnable {

    @Override
    public void run() {
        runWorker();
    }

    /** Returns, or ends the process, when the worker has ended. */
    static void runWorker() {
        WarmUp.start();
        Quarkus.run();
    }
}
