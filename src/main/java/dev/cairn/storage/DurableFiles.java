package dev.cairn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Files and directories that are on disk when a call returns, and that only their owner can read. Directories may be removed by
 * others while it runs.
 */
final class DurableFiles {

    private DurableFiles() {}

    /** Writes bytes to a file that is not there yet. */
    static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), OwnerOnly.file())) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /**
     * Copies a file.
     *
     * @param store for the size of the buffer
     * @param options how the copy is opened, for writing
     */
    static void copy(Path source, Path copy, StoreOptions store, OpenOption... options) throws IOException {
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(copy, Set.of(options), OwnerOnly.file())) {
            long size = from.size();
            ByteBuffer buffer = ByteBuffer.allocateDirect(store.bufferFor(size));
            long copied = 0;
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    copied += to.write(buffer);
                }
                buffer.clear();
            }
            if (copied != size) {
                throw new IOException(source + " changed while it was copied");
            }
            to.force(true);
        }
    }

    /**
     * Creates a directory and its missing ancestors. They are durable once {@link #sync} has seen them.
     *
     * @param existing an ancestor that is never created
     * @return the nearest directory that was there before
     * @throws NoSuchFileException when a directory vanished meanwhile, or {@code existing} is not there
     * @throws NotDirectoryException when a file is in the way
     */
    static Path createDirectories(Path directory, Path existing) throws IOException {
        if (directory.equals(existing) || Files.isDirectory(directory)) {
            return directory;
        }
        Path before = createDirectories(directory.getParent(), existing);
        try {
            Files.createDirectory(directory, OwnerOnly.directory());
        } catch (FileAlreadyExistsException e) {
            if (Files.isRegularFile(directory)) {
                throw new NotDirectoryException(directory.toString());
            }
            if (!Files.isDirectory(directory)) {
                throw new NoSuchFileException(directory.toString());
            }
        }
        return before;
    }

    /**
     * Removes a directory and its ancestors as far as they are empty.
     *
     * @param kept an ancestor that is never removed
     */
    static void removeEmptyDirectories(Path directory, Path kept) throws IOException {
        Path remaining = directory;
        while (!remaining.equals(kept) && (removed(remaining) || Files.notExists(remaining))) {
            remaining = remaining.getParent();
        }
        sync(remaining, remaining);
    }

    private static boolean removed(Path directory) {
        // A link to a directory is someone's arrangement; removing it would hide what the directory holds.
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            Files.delete(directory);
            return true;
        } catch (IOException e) {
            // Not empty, or not ours to remove: an empty directory too many harms no one.
            return false;
        }
    }

    /** Makes the entries of a directory, and of its ancestors up to {@code last}, durable; a vanished one has none. */
    static void sync(Path directory, Path last) throws IOException {
        for (Path next = directory; ; next = next.getParent()) {
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.READ)) {
                channel.force(true);
            } catch (NoSuchFileException e) {
                // Removed meanwhile, together with what it held.
            }
            if (next.equals(last)) {
                return;
            }
        }
    }

    /** Removes a file that is of no use any more, if that is possible. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next writer overwrites it or tries again.
        }
    }
}
