package dev.cairn.bench;

import java.nio.file.Path;

import dev.cairn.testkit.Logs;
import dev.cairn.testkit.store.S3Server;

/** A server of S3's protocol in a process of its own, so that its work can be told from that of its user. */
public final class S3Main {

    private S3Main() {}

    /** Runs until it is killed; the argument is the directory that has one for each bucket. */
    @SuppressWarnings("resource") // Until the end of the process.
    public static void main(String[] arguments) {
        Logs.warnings();
        System.out.println(
                "listening at " + S3Server.start(Path.of(arguments[0])).endpoint());
    }
}
