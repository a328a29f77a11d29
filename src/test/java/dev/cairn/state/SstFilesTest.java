package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SstFilesTest {

    private static final StateDescriptor STATE = new StateDescriptor("s", "value", "text", 1);
    private static final int ENTRIES = 3000;
    private static final int VALUE_BYTES = 100;
    private static final int FLIPS = 150;
    private static final int TAIL_BYTES = 60;

    @TempDir
    Path directory;

    private final RocksResources resources = new RocksResources(1 << 20);
    private final Random random = new Random(7);

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void shouldFindAWholeFileWholeAndNameItsCheckpoint() {
        Path file = write();

        SstFiles.verify(file);

        assertThat(SstFiles.identity(file)).contains("first");
    }

    @Test
    void shouldFindTruncatedAndMissingFiles() throws IOException {
        Path file = write();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> SstFiles.verify(file)).isInstanceOf(DamagedDatabaseException.class);
        Files.delete(file);
        assertThatThrownBy(() -> SstFiles.verify(file)).isInstanceOf(DamagedDatabaseException.class);
    }

    /** A flipped bit that is not found is one that changes nothing of what is read. */
    @Test
    void shouldFindEveryFlippedBitThatMatters() throws IOException {
        Path file = write();
        byte[] whole = Files.readAllBytes(file);
        List<String> expected = read(whole);
        int found = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] damaged = whole.clone();
            int at = i < TAIL_BYTES ? whole.length - 1 - i : random.nextInt(whole.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            try {
                SstFiles.verify(file);
                assertThat(read(damaged))
                        .as("entries with byte %d of %d flipped", at, whole.length)
                        .isEqualTo(expected);
            } catch (DamagedDatabaseException e) {
                found++;
            }
        }
        assertThat(found).as("flips that were found").isGreaterThan(FLIPS / 2);
    }

    private Path write() {
        Path file = directory.resolve("file.sst");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            changes.add(new Change(
                    KeyLayout.stored(
                            STATE.id(), String.format(Locale.ROOT, "%06d", i).getBytes(StandardCharsets.UTF_8)),
                    value));
        }
        SstFiles.write(file, "first", changes, resources);
        return file;
    }

    /** All entries, by a database that has ingested the file. */
    private List<String> read(byte[] content) throws IOException {
        Path own = Files.createTempDirectory(directory, "read");
        Path file = Files.write(own.resolve("file.sst"), content);
        List<String> entries = new ArrayList<>();
        try (PartitionDatabase database = PartitionDatabase.open(own.resolve("db"), resources)) {
            database.ingest(List.of(file));
            try (StateScan scan = database.scan(STATE)) {
                while (scan.next()) {
                    entries.add(new String(scan.key(), StandardCharsets.UTF_8) + Arrays.hashCode(scan.value()));
                }
            }
            for (int i = 0; i < ENTRIES; i += 97) {
                byte[] key = String.format(Locale.ROOT, "%06d", i).getBytes(StandardCharsets.UTF_8);
                entries.add(Arrays.hashCode(database.value(STATE, key).orElseThrow()) + "");
            }
        }
        return entries;
    }
}
