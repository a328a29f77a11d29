package dev.cairn.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;

/** A temporary directory for the databases of a test, in memory where the system offers that; gone when it is closed. */
final class TestDisk implements AutoCloseable {

    private static final long BLOCK_CACHE_BYTES = 8L << 20;

    /** On Linux, files in memory: on a disk, each database and each checkpoint waits until it is written. */
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    private static final long ENOUGH_MEMORY_BYTES = 1L << 30;

    private final Path directory;
    private final RocksResources resources = new RocksResources(BLOCK_CACHE_BYTES);

    private TestDisk(Path directory) {
        this.directory = directory;
    }

    static TestDisk create() {
        try {
            return new TestDisk(
                    hasMemory()
                            ? Files.createTempDirectory(IN_MEMORY, "cairn-test-")
                            : Files.createTempDirectory("cairn-test-"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary directory; name one by -Djava.io.tmpdir", e);
        }
    }

    private static boolean hasMemory() throws IOException {
        return Files.isDirectory(IN_MEMORY)
                && Files.isWritable(IN_MEMORY)
                && Files.getFileStore(IN_MEMORY).getUsableSpace() >= ENOUGH_MEMORY_BYTES;
    }

    /** An empty database. */
    PartitionDatabase database(int partition) {
        return PartitionDatabase.open(directory.resolve("partition-" + partition), resources);
    }

    /** The place of a file that does not exist yet. */
    Path file(String name) {
        return directory.resolve(name);
    }

    RocksResources resources() {
        return resources;
    }

    @Override
    public void close() {
        resources.close();
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> inside = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : inside) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
