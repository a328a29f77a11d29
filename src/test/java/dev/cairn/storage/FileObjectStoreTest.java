package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest extends ObjectStoreContract {

    private static final long MAX_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    @TempDir
    Path temp;

    private Path root() {
        return temp.resolve("checkpoints");
    }

    @Override
    ObjectStore open(StoreOptions options) {
        return FileObjectStore.open(root(), options);
    }

    /** State holds what the records hold. */
    @Test
    void shouldLetOnlyTheOwnerRead() throws IOException {
        try (ObjectStore store = open()) {
            // When
            store.put("job/partition-0/delta", new byte[] {1});
            store.create("job/partition-0/chk-1/_metadata", new byte[] {1});
            Path file = Files.write(temp.resolve("file"), new byte[] {1});
            store.put("job/partition-0/base", file);

            // Then
            try (Stream<Path> all = Files.walk(root())) {
                assertThat(all).allSatisfy(path -> assertThat(
                                PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("%s", path)
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
            }
        }
    }

    @Test
    @Tag("rule-K12")
    void shouldRefuseToPutOverAnObject() {
        try (ObjectStore store = open()) {
            // Given
            store.put("job/delta", new byte[] {1});

            // Then
            assertThatThrownBy(() -> store.put("job/delta", new byte[] {2}))
                    .isInstanceOf(StorageException.class)
                    .hasMessage("cannot store " + store.location() + "/job/delta: it exists already");
            assertThat(store.read("job/delta")).containsExactly(1);
        }
    }

    @Test
    void shouldRefuseAKeyThatIsADirectory() {
        try (ObjectStore store = open()) {
            // Given
            store.put("job/chk-1/delta", new byte[] {1});

            // Then
            assertThatThrownBy(() -> store.create("job/chk-1", new byte[] {2}))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("it is a directory");
            assertThatThrownBy(() -> store.create("job/chk-1/delta/x", new byte[] {2}))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("it is a file, not a directory");
        }
    }

    @Test
    void shouldLeaveNothingButObjects() throws IOException {
        try (ObjectStore store = open()) {
            // When
            store.put("job/a", new byte[] {1});
            store.create("job/a", new byte[] {2});
            assertThatThrownBy(() -> store.put("job/a", new byte[] {3})).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> store.put("job/b", temp.resolve("missing")))
                    .isInstanceOf(StorageException.class);

            // Then
            assertThat(pathsBelow(root())).containsExactlyInAnyOrder(".tmp", "job", "job/a");
        }
    }

    @Test
    void shouldRemoveDirectoriesThatBecameEmpty() throws IOException {
        try (ObjectStore store = open()) {
            // Given
            store.put("job/partition-0/chk-1/_metadata", new byte[] {1});
            store.put("job/partition-0/chk-2/_metadata", new byte[] {2});

            // When
            store.delete("job/partition-0/chk-1/_metadata");

            // Then
            assertThat(pathsBelow(root()))
                    .containsExactlyInAnyOrder(
                            ".tmp",
                            "job",
                            "job/partition-0",
                            "job/partition-0/chk-2",
                            "job/partition-0/chk-2/_metadata");

            // When
            store.delete("job/partition-0/chk-2/_metadata");

            // Then
            assertThat(pathsBelow(root())).containsExactly(".tmp");
        }
    }

    @Test
    void shouldFollowAndKeepALinkedDirectory() throws IOException {
        try (ObjectStore store = open()) {
            // Given
            Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
            Path link = Files.createSymbolicLink(root().resolve("job"), elsewhere);

            // When
            store.put("job/a/b", new byte[] {1});

            // Then
            assertThat(store.list("job")).extracting(StoredObject::key).containsExactly("job/a/b");
            assertThat(store.directories("")).containsExactly("job");

            // When
            store.delete("job/a/b");

            // Then
            assertThat(link).isSymbolicLink();
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    @Test
    void shouldRemoveStaleTemporaryFilesWhenOpened() throws IOException {
        // Given
        open().close();
        Path stale = Files.writeString(root().resolve(".tmp/stale"), "left by a killed process");
        Path inUse = Files.writeString(root().resolve(".tmp/in-use"), "being written by another process");
        Files.setLastModifiedTime(
                stale, FileTime.from(Instant.now().minus(TemporaryFiles.STALE_AFTER.multipliedBy(2))));

        // When
        open().close();

        // Then
        assertThat(stale).doesNotExist();
        assertThat(inUse).exists();
    }

    @Test
    void shouldShowOnlyWholeObjectsOfKilledProcesses() throws Exception {
        try (ObjectStore store = open()) {
            Random random = new Random();
            for (int round = 0; round < 8; round++) {
                // When
                List<String> stored = storeUntilKilled("job/round-" + round, 1 + random.nextInt(20));

                // Then
                List<StoredObject> objects = store.list("job/round-" + round);
                assertThat(objects).extracting(StoredObject::key).containsAll(stored);
                assertThat(objects).allMatch(object -> ObjectWriter.isWhole(store.read(object.key())));
            }
        }
    }

    private List<String> storeUntilKilled(String prefix, int objects) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ObjectWriter.class.getName(),
                        "file:" + root(),
                        temp.toString(),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> stored = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            while (stored.size() < objects) {
                String key = lines.readLine();
                assertThat(key).as("the writer continued until it was killed").isNotNull();
                stored.add(key);
            }
            spin(new Random().nextLong(MAX_DELAY_NANOS));
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return stored;
    }

    /** Reaches moments inside of the next write, which a timer is too coarse for. */
    private static void spin(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldStoreWhileEmptyDirectoriesAreRemoved() throws Exception {
        try (ObjectStore store = open()) {
            // Given
            AtomicBoolean storing = new AtomicBoolean(true);
            Path directory = root().resolve("job/partition-0/chk-1");
            Thread remover = new Thread(() -> {
                while (storing.get()) {
                    removeIfEmpty(directory);
                    removeIfEmpty(directory.getParent());
                }
            });
            remover.start();

            // When
            for (int i = 0; i < 100; i++) {
                store.put("job/partition-0/chk-1/_metadata", new byte[] {1});
                store.delete("job/partition-0/chk-1/_metadata");
            }
            storing.set(false);
            remover.join();

            // Then
            assertThat(store.list("job")).isEmpty();
        }
    }

    private static void removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // Not empty.
        }
    }

    @Test
    void shouldFailInsteadOfFindingNothingWhereTheDirectoryIsGone() throws IOException {
        try (ObjectStore store = open()) {
            // Given
            Files.delete(root().resolve(".tmp"));

            // Then
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.list("job"),
                    () -> store.directories(""),
                    () -> store.directories("job"),
                    () -> store.read("job/a"),
                    () -> store.download("job/a", temp.resolve("a")),
                    () -> store.put("job/a", new byte[] {1}),
                    () -> store.delete("job/a"))) {
                assertThatThrownBy(call)
                        .isExactlyInstanceOf(StorageException.class)
                        .hasMessageContaining(root().toString())
                        .hasMessageContaining("mount or restore");
            }
            assertThat(root()).isEmptyDirectory();
        }
    }

    private static List<String> pathsBelow(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(path -> !path.equals(directory))
                    .map(path -> directory.relativize(path).toString())
                    .toList();
        }
    }
}
