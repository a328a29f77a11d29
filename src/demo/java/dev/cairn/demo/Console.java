package dev.cairn.demo;

import java.io.PrintStream;

/** Where the demo and its worker say what happens, line by line. Thread-safe. */
final class Console {

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    void demo(String line) {
        print("demo  ", line);
    }

    void worker(String line) {
        print("worker", line);
    }

    private synchronized void print(String who, String line) {
        out.println(who + " | " + line);
        out.flush();
    }
}
