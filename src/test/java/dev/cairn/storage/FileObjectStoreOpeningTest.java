package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        assertThatThrownBy(() -> FileObjectStore.open(directory(), StoreOptions.DEFAULT))
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
        assertThatThrownBy(() -> FileObjectStore.open(directory().resolve("a/b"), StoreOptions.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(directory() + ": it is a file, not a directory");
    }

    @Test
    void shouldNotOpenWhereADirectoryCannotBeCreated() {
        // Given
        Path proc = Path.of("/proc/self");
        assumeThat(proc).isDirectory();

        // Then
        assertThatThrownBy(() -> FileObjectStore.open(proc.resolve("checkpoints"), StoreOptions.DEFAULT))
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
        assertThatThrownBy(() -> FileObjectStore.open(directory(), StoreOptions.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("cannot keep objects in " + directory() + ": ")
                .hasMessageContaining("permission denied");
    }

    @Test
    void shouldCreateNothingWhenOpenedToRead() throws IOException {
        // Given
        Path object = directory().resolve("job/a");
        Files.createDirectories(object.getParent());
        Files.write(object, new byte[] {1});

        // When
        try (ObjectStore store = ObjectStores.openToRead(directory().toString(), () -> null)) {
            // Then
            assertThat(store.read("job/a")).containsExactly(1);
            assertThat(store.list("job")).extracting(StoredObject::key).containsExactly("job/a");
            assertThat(store.list("none")).isEmpty();
            assertThat(store.directories("")).containsExactly("job");
            store.download("job/a", temp.resolve("a"));
            assertThat(temp.resolve("a")).hasBinaryContent(new byte[] {1});
            for (ThrowingCallable change : List.<ThrowingCallable>of(
                    () -> store.put("job/b", new byte[] {2}),
                    () -> store.put("job/b", object),
                    () -> store.create("job/b", new byte[] {2}),
                    () -> store.delete("job/a"))) {
                assertThatThrownBy(change)
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("file:" + directory().toRealPath() + " is opened to read only");
            }
        }
        try (Stream<Path> paths = Files.walk(directory())) {
            assertThat(paths).containsExactlyInAnyOrder(directory(), object.getParent(), object);
        }
    }

    @Test
    void shouldNotOpenToReadWhatIsNoDirectory() throws IOException {
        // Given
        Path file = Files.writeString(temp.resolve("file"), "a file");

        // Then
        assertThatThrownBy(() -> FileObjectStore.openToRead(directory()))
                .isInstanceOf(StorageException.class)
                .hasMessage("there is no directory " + directory());
        assertThat(directory()).doesNotExist();
        assertThatThrownBy(() -> FileObjectStore.openToRead(file))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file + ": it is a file, not a directory");
    }

    @Test
    void shouldFailToReadWhereTheDirectoryIsGone() throws IOException {
        // Given
        Files.createDirectory(directory());
        try (ObjectStore store = FileObjectStore.openToRead(directory())) {
            // When
            Files.delete(directory());

            // Then
            assertThatThrownBy(() -> store.directories(""))
                    .isExactlyInstanceOf(StorageException.class)
                    .hasMessageContaining(directory().toString());
        }
    }

    @Test
    void shouldOpenThroughALink() throws IOException {
        // Given
        Path real = Files.createDirectory(temp.resolve("disk"));
        Files.createSymbolicLink(directory(), real);

        // When
        try (ObjectStore store = FileObjectStore.open(directory(), StoreOptions.DEFAULT)) {
            store.put("job/a", new byte[] {1});
        }

        // Then
        assertThat(real.resolve("job/a")).exists();
    }
}
