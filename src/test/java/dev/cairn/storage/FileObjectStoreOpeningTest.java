package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreOpeningTest {

    @TempDir
    Path temp;

    private Path directory() {
        return temp.resolve("checkpoints");
    }

    @Test
    void shouldNotOpenAFile() throws IOException {
        // Given
        Files.writeString(directory(), "a file");

        // Then
        assertThatThrownBy(() -> FileObjectStore.open(directory()))
                .isInstanceOf(StorageException.class)
                .hasMessage("cannot keep objects in " + directory() + ": " + directory()
                        + ": it is a file, not a directory; name a directory on a disk with hard links that this process"
                        + " can create and write to");
    }

    @Test
    void shouldNotOpenADirectoryBelowAFile() throws IOException {
        // Given
        Files.writeString(directory(), "a file");

        // Then
        assertThatThrownBy(() -> FileObjectStore.open(directory().resolve("a/b")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(directory() + ": it is a file, not a directory");
    }

    @Test
    void shouldNotOpenWhereADirectoryCannotBeCreated() {
        // Given
        Path proc = Path.of("/proc/self");
        assumeThat(proc).isDirectory();

        // Then
        assertThatThrownBy(() -> FileObjectStore.open(proc.resolve("checkpoints")))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("cannot keep objects in /proc/self/checkpoints: ")
                .hasMessageContaining("name a directory");
    }

    @Test
    void shouldNotOpenADirectoryThatCannotBeWritten() throws IOException {
        // Given
        Files.createDirectory(directory());
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(directory()))
                .as("this user may write everywhere")
                .isFalse();

        // Then
        assertThatThrownBy(() -> FileObjectStore.open(directory()))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("cannot keep objects in " + directory() + ": ")
                .hasMessageContaining("permission denied");
    }

    @Test
    void shouldOpenThroughALink() throws IOException {
        // Given
        Path real = Files.createDirectory(temp.resolve("disk"));
        Files.createSymbolicLink(directory(), real);

        // When
        try (ObjectStore store = FileObjectStore.open(directory())) {
            store.put("job/a", new byte[] {1});
        }

        // Then
        assertThat(real.resolve("job/a")).exists();
    }
}
