package dev.cairn.checkpoint.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What an ageing disk does to a file: one bit is another, in place, for everything that has the file open or linked. */
public final class Damage {

    private Damage() {}

    /** Flips a bit of the byte at a share of the file's length, from 0 to 1. */
    public static void flip(Path file, double where) {
        if (!flipIfThere(file, where)) {
            throw new IllegalStateException(file + " has no bytes, or is gone");
        }
    }

    /**
     * As {@link #flip}.
     *
     * @return whether there was a byte; a running database may have deleted the file
     */
    static boolean flipIfThere(Path file, double where) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = Math.min(channel.size() - 1, (long) (where * channel.size()));
            ByteBuffer one = ByteBuffer.allocate(1);
            if (at < 0 || channel.read(one, at) != 1) {
                return false;
            }
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, at);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
