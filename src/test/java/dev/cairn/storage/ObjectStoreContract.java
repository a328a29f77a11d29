package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.storage.ObjectStore.Creation;

/** What every object store keeps. A subclass opens one that is empty. */
abstract class ObjectStoreContract {

    private static final int THREADS = 8;
    private static final int LARGE = 3_000_001;

    @TempDir
    Path local;

    private ObjectStore store;
    private ExecutorService threads;

    /** Opens the store of one test; called again, another instance on the same objects. */
    abstract ObjectStore open(StoreOptions options);

    final ObjectStore open() {
        return open(StoreOptions.DEFAULT);
    }

    /** Whether a key is the server's own, for what is under way. */
    boolean isUnderWay(String key) {
        return false;
    }

    @BeforeEach
    void openStore() {
        store = open();
        threads = Executors.newFixedThreadPool(THREADS);
    }

    @AfterEach
    void closeStore() {
        threads.shutdownNow();
        store.close();
    }

    @Test
    void shouldReadWhatWasPut() {
        // Given
        byte[] content = random(LARGE);

        // When
        store.put("job/partition-0/shared/delta", content);

        // Then
        assertThat(store.read("job/partition-0/shared/delta")).isEqualTo(content);
    }

    @Test
    void shouldReadTheFileThatWasPut() throws IOException {
        // Given
        byte[] content = random(LARGE);
        Path file = Files.write(local.resolve("delta.sst"), content);

        // When
        store.put("job/delta", file);

        // Then
        assertThat(store.read("job/delta")).isEqualTo(content);
        assertThat(file).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 20_480, 16 << 20})
    void shouldReadFilesWithAnyBuffer(int bufferBytes) throws IOException {
        // Given
        byte[] content = random(100_003);
        Path file = Files.write(local.resolve("delta.sst"), content);

        // When
        try (ObjectStore other =
                open(new StoreOptions(bufferBytes, 16L << 20, S3Encryption.BUCKET, Optional.empty()))) {
            other.put("job/delta", file);
        }

        // Then
        assertThat(store.read("job/delta")).isEqualTo(content);
    }

    @Test
    void shouldNotFollowLaterChangesOfTheFileThatWasPut() throws IOException {
        // Given
        Path file = Files.writeString(local.resolve("delta.sst"), "stored");
        store.put("job/delta", file);

        // When
        Files.writeString(file, "changed");

        // Then
        assertThat(store.read("job/delta")).asString().isEqualTo("stored");
    }

    @Test
    void shouldStoreEmptyObjects() throws IOException {
        // Given
        Path empty = Files.createFile(local.resolve("empty"));

        // When
        store.put("job/a", new byte[0]);
        store.put("job/b", empty);
        store.create("job/c", new byte[0]);

        // Then
        assertThat(store.list("job")).extracting(StoredObject::size).containsExactly(0L, 0L, 0L);
        assertThat(store.read("job/b")).isEmpty();
    }

    @Test
    void shouldNameTheFileThatCannotBePut() {
        assertThatThrownBy(() -> store.put("job/delta", local.resolve("missing.sst")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(store.location() + "/job/delta")
                .hasMessageContaining("missing.sst");
        assertThat(store.list("job")).isEmpty();
    }

    @Test
    void shouldCreateWhereNothingIs() {
        // When
        Creation creation = store.create("job/chk-1/_metadata", bytes("first"));

        // Then
        assertThat(creation).isEqualTo(Creation.CREATED);
        assertThat(store.read("job/chk-1/_metadata")).isEqualTo(bytes("first"));
    }

    @Test
    @Tag("rule-K12")
    void shouldLeaveWhatExistsWhenCreating() {
        // Given
        store.create("job/chk-1/_metadata", bytes("first"));

        // When
        Creation creation = store.create("job/chk-1/_metadata", bytes("second"));

        // Then
        assertThat(creation).isEqualTo(Creation.EXISTS);
        assertThat(store.read("job/chk-1/_metadata")).isEqualTo(bytes("first"));
    }

    @Test
    void shouldCreateAgainAfterDeletion() {
        // Given
        store.create("job/chk-1/_metadata", bytes("first"));
        store.delete("job/chk-1/_metadata");

        // When
        Creation creation = store.create("job/chk-1/_metadata", bytes("second"));

        // Then
        assertThat(creation).isEqualTo(Creation.CREATED);
        assertThat(store.read("job/chk-1/_metadata")).isEqualTo(bytes("second"));
    }

    @Test
    void shouldDeleteManyAtOnceAndNothingElse() {
        // Given: names that XML and addresses have to escape
        List<String> gone = List.of("job/a", "job/b/c & <d> \"e\" 'f'", "job/b/\u00fc + %41", "other/deep/er/g");
        gone.forEach(key -> store.put(key, bytes(key)));
        store.put("job/b/stays", bytes("stays"));
        List<String> deletions = new ArrayList<>(gone);
        deletions.add("job/was/never/there");

        // When
        Map<String, String> left = store.deleteAll(deletions);

        // Then
        assertThat(left).isEmpty();
        assertThat(keys("job")).containsExactly("job/b/stays");
        assertThat(keys("other")).isEmpty();
        assertThat(store.deleteAll(List.of())).isEmpty();
    }

    @Test
    @Tag("rule-C12")
    void shouldLetExactlyOneOfManyCreate() throws Exception {
        for (int round = 0; round < 20; round++) {
            // Given
            String key = "job/chk-" + round + "/_metadata";
            CyclicBarrier together = new CyclicBarrier(THREADS);

            // When
            List<Creation> creations = all(i -> {
                try (ObjectStore other = open()) {
                    together.await();
                    return other.create(key, bytes("writer-" + i));
                }
            });

            // Then
            assertThat(creations).containsOnlyOnce(Creation.CREATED);
            assertThat(store.read(key)).isEqualTo(bytes("writer-" + creations.indexOf(Creation.CREATED)));
        }
    }

    @Test
    void shouldNeverShowPartOfAnObject() throws Exception {
        // Given
        AtomicBoolean writing = new AtomicBoolean(true);
        byte[] content = random(LARGE);
        Path file = Files.write(local.resolve("delta.sst"), content);
        Future<Integer> reader = threads.submit(() -> countWholeObjectsWhile(writing, content));

        // When
        for (int i = 0; i < 15; i++) {
            store.put("job/put-" + i, content);
            store.put("job/file-" + i, file);
            store.create("job/created-" + i, content);
        }
        writing.set(false);

        // Then
        assertThat(reader.get()).isEqualTo(45);
    }

    private int countWholeObjectsWhile(AtomicBoolean writing, byte[] content) {
        List<StoredObject> seen;
        boolean last;
        do {
            last = !writing.get();
            seen = store.list("job").stream()
                    .filter(object -> !isUnderWay(object.key()))
                    .toList();
            assertThat(seen).extracting(StoredObject::size).allMatch(size -> size == content.length);
            if (!seen.isEmpty()) {
                assertThat(store.read(seen.get(seen.size() - 1).key())).isEqualTo(content);
            }
        } while (!last);
        return seen.size();
    }

    @Test
    void shouldSayThatAnObjectIsMissing() {
        assertThatThrownBy(() -> store.read("job/chk-1/_metadata"))
                .isInstanceOf(ObjectMissingException.class)
                .hasMessageContaining(store.location() + "/job/chk-1/_metadata");
    }

    @Test
    void shouldNotTakeADirectoryForAnObject() {
        // Given
        store.put("job/chk-1/_metadata", bytes("content"));

        // When
        store.delete("job/chk-1");

        // Then
        assertThatThrownBy(() -> store.read("job/chk-1")).isInstanceOf(ObjectMissingException.class);
        assertThat(keys("job")).containsExactly("job/chk-1/_metadata");
    }

    @Test
    void shouldDownload() throws IOException {
        // Given
        byte[] content = random(LARGE);
        store.put("job/delta", content);
        Path target = local.resolve("delta.sst");

        // When
        LongAdder arrived = new LongAdder();
        store.download("job/delta", target, arrived::add);

        // Then
        assertThat(target).hasBinaryContent(content);
        assertThat(arrived.sum()).isEqualTo(content.length);
        assertThat(filesIn(local)).containsExactly(target);
    }

    @Test
    void shouldReplaceTheTargetOfADownload() throws IOException {
        // Given
        store.put("job/delta", bytes("new"));
        Path target = Files.writeString(local.resolve("delta.sst"), "old and longer");
        Files.writeString(local.resolve("delta.sst.part"), "the rest of an attempt that was killed");

        // When
        store.download("job/delta", target);

        // Then
        assertThat(target).hasContent("new");
        assertThat(filesIn(local)).containsExactly(target);
    }

    @Test
    void shouldKeepTheTargetWhenTheObjectIsMissing() throws IOException {
        // Given
        Path target = Files.writeString(local.resolve("delta.sst"), "old");

        // When
        assertThatThrownBy(() -> store.download("job/delta", target)).isInstanceOf(ObjectMissingException.class);

        // Then
        assertThat(target).hasContent("old");
        assertThat(filesIn(local)).containsExactly(target);
    }

    @Test
    void shouldNameTheTargetThatCannotBeWritten() {
        // Given
        store.put("job/delta", bytes("content"));

        // Then
        assertThatThrownBy(() -> store.download("job/delta", local.resolve("missing/delta.sst")))
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(ObjectMissingException.class)
                .hasMessageContaining("missing/delta.sst");
    }

    @Test
    void shouldListInTheOrderOfTheKeys() {
        // Given
        for (String key : List.of("job/b", "job/a/z", "job/a-1/x", "job/a.b", "job/a/b/c", "job/Z", "job/chk-10/m")) {
            store.put(key, bytes(key));
        }
        store.put("job-2/a", bytes("elsewhere"));

        // When
        List<String> keys = keys("job");

        // Then
        assertThat(keys)
                .containsExactly("job/Z", "job/a-1/x", "job/a.b", "job/a/b/c", "job/a/z", "job/b", "job/chk-10/m");
    }

    @Test
    void shouldListSizeAndTime() {
        // Given
        store.put("job/a", random(1234));

        // When
        StoredObject object = store.list("job").get(0);

        // Then
        assertThat(object.size()).isEqualTo(1234);
        assertThat(Duration.between(object.lastModified(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void shouldListADirectoryOnly() {
        // Given
        store.put("job/chk-1/a", bytes("1"));
        store.put("job/chk-10/a", bytes("10"));

        // Then
        assertThat(keys("job/chk-1")).containsExactly("job/chk-1/a");
        assertThat(keys("job/chk")).isEmpty();
        assertThat(keys("job/chk-1/a")).isEmpty();
    }

    @Test
    void shouldListAndDeleteMoreObjectsThanOneRequestCan() throws Exception {
        // Given
        all(thread -> {
            for (int i = thread; i < 1100; i += THREADS) {
                store.put("job/" + (1_000 + i), new byte[] {1});
            }
            return null;
        });

        // When
        List<String> keys = keys("job");

        // Then
        assertThat(keys)
                .isEqualTo(
                        IntStream.range(1_000, 2_100).mapToObj(i -> "job/" + i).toList());

        // When, Then
        assertThat(store.deleteAll(keys)).isEmpty();
        assertThat(keys("job")).isEmpty();
    }

    @Test
    void shouldListWhatStaysWhileOthersComeAndGo() throws Exception {
        // Given
        store.put("job/stays", bytes("here"));
        AtomicBoolean changing = new AtomicBoolean(true);
        Future<?> changes = threads.submit(() -> {
            for (int i = 0; changing.get(); i++) {
                String key = "job/chk-" + i % 3 + "/deep/object";
                store.put(key, bytes("gone soon"));
                store.delete(key);
            }
        });

        // When
        for (int i = 0; i < 300; i++) {
            assertThat(keys("job")).contains("job/stays");
        }
        changing.set(false);

        // Then
        changes.get();
        assertThat(keys("job")).containsExactly("job/stays");
    }

    @Test
    void shouldNameTheDirectoriesInADirectory() {
        // Given
        for (String key :
                List.of("job/b/c/object", "job/a.b/object", "job/a/b/object", "job/object", "job-2/a/object")) {
            store.put(key, bytes(key));
        }

        // Then
        assertThat(store.directories("job")).containsExactly("a", "a.b", "b");
        assertThat(store.directories("job/b")).containsExactly("c");
        assertThat(store.directories("job/b/c")).isEmpty();
        assertThat(store.directories("job/object")).isEmpty();
        assertThat(store.directories("jo")).isEmpty();
    }

    @Test
    void shouldNameTheDirectoriesOfTheRoot() {
        // Given
        assertThat(store.directories("")).isEmpty();
        store.put("job/.tmp/object", bytes("b"));
        store.put("a job/object", bytes("a"));
        store.put("object", bytes("single"));

        // Then
        assertThat(store.directories("")).containsExactly("a job", "job");
        assertThat(store.directories("job")).containsExactly(".tmp");
    }

    @Test
    void shouldNameMoreDirectoriesThanOnePage() throws Exception {
        // When
        all(thread -> {
            for (int i = 0; i < 130; i++) {
                store.put("job/directory-" + thread + "-" + (100 + i) + "/object", bytes("content"));
            }
            return null;
        });

        // Then
        assertThat(store.directories("job")).hasSize(THREADS * 130).isSorted().doesNotHaveDuplicates();
        assertThat(store.directories("")).containsExactly("job");
    }

    @Test
    void shouldDeleteOneObject() {
        // Given
        store.put("job/chk-1/a", bytes("a"));
        store.put("job/chk-1/b", bytes("b"));

        // When
        store.delete("job/chk-1/a");

        // Then
        assertThat(keys("job")).containsExactly("job/chk-1/b");
    }

    @Test
    void shouldDeleteWhatIsNotThere() {
        // When
        store.delete("job/chk-1/_metadata");
        store.delete("job/chk-1/_metadata");

        // Then
        assertThat(keys("job")).isEmpty();
    }

    @Test
    void shouldStoreWhileTheLastObjectBesideItIsDeleted() throws Exception {
        // When
        all(thread -> {
            String key = "job/partition-0/shared/object-" + thread;
            for (int i = 0; i < 100; i++) {
                assertThat(store.create(key, bytes("round " + i))).isEqualTo(Creation.CREATED);
                assertThat(store.read(key)).isEqualTo(bytes("round " + i));
                store.delete(key);
            }
            store.put(key, bytes("kept"));
            return null;
        });

        // Then
        assertThat(keys("job")).hasSize(THREADS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../x",
                "a/../../x",
                "a/..",
                ".",
                "./a",
                "a/./b",
                "a//b",
                "a/",
                "a\\b",
                "a\u0000b",
                "a\nb",
                ".tmp",
                ".tmp/a"
            })
    void shouldRefuseInvalidKeys(String key) {
        assertThatThrownBy(() -> store.read(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.put(key, bytes("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.put(key, local)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.create(key, bytes("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.download(key, local.resolve("x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.list(key)).isInstanceOf(IllegalArgumentException.class);
        if (!key.isEmpty()) {
            assertThatThrownBy(() -> store.directories(key)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> store.delete(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + key + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "...", "a..b", ".hidden", "a/.tmp/b", "_metadata", "with space/%41+&?#=", "file:x"})
    void shouldKeepUnusualKeysAsTheyAre(String key) {
        // When
        store.put("job/" + key, bytes(key));

        // Then
        assertThat(keys("job")).containsExactly("job/" + key);
        assertThat(store.read("job/" + key)).isEqualTo(bytes(key));
    }

    @Test
    void shouldShowOneStoresObjectsToAnother() {
        try (ObjectStore other = open()) {
            // When
            store.put("job/a", bytes("content"));

            // Then
            assertThat(other.read("job/a")).isEqualTo(bytes("content"));
            assertThat(other.location()).isEqualTo(store.location());
        }
    }

    /** Runs the task on all threads at once and returns the results by thread. */
    private <T> List<T> all(NumberedTask<T> task) throws Exception {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Callable<T> call = () -> task.run(number);
            futures.add(threads.submit(call));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    private interface NumberedTask<T> {
        T run(int number) throws Exception;
    }

    private List<String> keys(String directory) {
        return store.list(directory).stream().map(StoredObject::key).toList();
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
