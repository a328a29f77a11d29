package dev.cairn.checkpoint.write;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What an ageing disk does to a file: one bit is another, in place, for everything that has the file open or linked. */
public final class Damage {

    private Damage() {}

    /** Flips a bit of the byte at a share of the file's length, from 0 to 1. */
    public static void flip(Path file, double where) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long at = Math.min(bytes.length() - 1, (long) (where * bytes.length()));
            bytes.seek(at);
            int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ 4);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
