package dev.cairn.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;

/** Standard output for a command that writes a lot: it is told when nobody reads any more. */
final class StandardOutput extends FilterWriter {

    private final PrintWriter printer;

    StandardOutput(PrintWriter printer) {
        super(printer);
        this.printer = printer;
    }

    @Override
    public void flush() throws IOException {
        if (printer.checkError()) {
            throw new IOException("standard output is closed");
        }
    }
}
