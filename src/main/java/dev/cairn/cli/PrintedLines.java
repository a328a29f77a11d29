package dev.cairn.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;

/** What a command that prints a lot writes to: it is told when it cannot be printed, which a {@link PrintWriter} keeps. */
final class PrintedLines extends FilterWriter {

    private final PrintWriter printer;

    PrintedLines(PrintWriter printer) {
        super(printer);
        this.printer = printer;
    }

    /** Nothing more can be printed. */
    static final class ClosedException extends IOException {

        private static final long serialVersionUID = 1L;
    }

    @Override
    public void flush() throws IOException {
        if (printer.checkError()) {
            throw new ClosedException();
        }
    }
}
