package dev.cairn.testkit;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Ends a child process when this JVM ends, however it does: a shell that holds the reading end of a pipe kills the child
 * once the writing end is gone. A shutdown hook would not run after {@code kill -9}, and the child itself cannot watch
 * while it is stopped.
 */
final class Guard {

    private Guard() {}

    /** Guards a child until it ends. @return completes when the guard is dismissed */
    static CompletableFuture<Void> over(Process child) throws IOException {
        // The interrupt of Ctrl-C goes to the guard as well, which has to outlive a process that ends in good order on
        // it.
        Process guard = new ProcessBuilder(
                        "sh",
                        "-c",
                        "trap '' HUP INT TERM; read -r line || kill -KILL \"$0\"",
                        Long.toString(child.pid()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return child.onExit().thenRun(() -> release(guard));
    }

    private static void release(Process guard) {
        try (var pipe = guard.getOutputStream()) {
            pipe.write('\n');
        } catch (IOException e) {
            // It is gone already, and with it what could go wrong.
            guard.destroy();
        }
    }
}
