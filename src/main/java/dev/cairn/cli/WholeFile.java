package dev.cairn.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

import dev.cairn.checkpoint.local.OnExit;

/**
 * A text file that appears whole, or not at all when it is closed before it is finished or the process is told to end. It is
 * written under another name next to it, which only a {@code kill -9} leaves behind.
 */
record WholeFile(Path target, Path temporary, OnExit onExit, FileChannel channel, Writer writer)
        implements AutoCloseable {

    /** Begins one. A regular file that is there is replaced when it is finished. */
    static WholeFile create(Path file) {
        Path target = file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new CommandException(target + " is there, and is no regular file. Give another one");
        }
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            Writer writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
            return new WholeFile(target, temporary, OnExit.run(() -> discard(temporary)), channel, writer);
        } catch (IOException e) {
            throw new CommandException("cannot write to " + target + ": " + e + ". Give another file", e);
        }
    }

    /** Makes it appear, once all has been written. */
    void finish() throws IOException {
        writer.flush();
        channel.force(true);
        channel.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Whatever it held is of no use, or is in place already.
        }
        discard(temporary);
        onExit.close();
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Its name says that it is of no use.
        }
    }
}
