package dev.cairn.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the process begins. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        WarmUp.start();
        Quarkus.run(arguments);
    }
}
