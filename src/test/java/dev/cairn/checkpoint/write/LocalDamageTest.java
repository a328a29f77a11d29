package dev.cairn.checkpoint.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.local.Restored;

/** Damage on the local disk never reaches the store, and damage in the store is never taken for one of the disk. */
class LocalDamageTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    @Tag("rule-C13")
    void shouldNotUploadADamagedFileWithTheNextBase() {
        // Given: a file that compaction has written, which the store has never seen
        try (LonePartition partition = new LonePartition(directory, true).start()) {
            partition.large().large().large().small().small().small();
            await("RocksDB has compacted")
                    .atMost(LIMIT)
                    .until(() -> !partition.compacted().isEmpty());
            partition.compacted().forEach(file -> Damage.flip(file, 0.4));
            partition.large();

            // When
            partition.buildBase().small();

            // Then
            assertThat(partition.last().base()).as("a base of damaged files").isNull();
            assertThat(partition.isRightInTheStore()).isTrue();
        }
    }

    @Test
    void shouldNotMakeABaseOfADamagedManifest() {
        // Given
        try (LonePartition partition = new LonePartition(directory, true).start()) {
            partition.large().large().large();
            damage(partition, "MANIFEST-[0-9]+");
            partition.large();

            // When
            partition.buildBase().small();

            // Then
            assertThat(partition.isRightInTheStore()).isTrue();
        }
    }

    @Test
    @Tag("rule-C13")
    void shouldNotUploadADamagedFileWithTheNextWholeCheckpoint() {
        // Given
        try (LonePartition partition = new LonePartition(directory, false).start()) {
            partition.large().small();
            damage(partition, "[0-9]+\\.sst");

            // When
            partition.small();

            // Then
            assertThat(partition.isRightInTheStore()).isTrue();
        }
    }

    @Test
    @Tag("rule-R5")
    void shouldFindDamageInTheStoreWhenItIsRestored() {
        // Given: what a file that was uploaded damaged looks like
        try (LonePartition partition = new LonePartition(directory, true).start()) {
            String path = partition.large().damageInTheStore();

            // When, Then
            assertThatThrownBy(partition::restartElsewhere)
                    .isInstanceOf(DamagedCheckpointException.class)
                    .hasMessageContaining(path);
        }
    }

    @Test
    @Tag("rule-K11")
    void shouldNotUploadAgainWhatTheStoreHasAfterARestartOnTheSameDisk() {
        // Given
        try (LonePartition partition = new LonePartition(directory, true).start()) {
            partition.large().large().large().restart();
            assertThat(partition.restored().source()).isEqualTo(Restored.Source.LOCAL);

            // When
            partition.large().buildBase().small();

            // Then
            assertThat(partition.last().base()).isNotNull();
            assertThat(partition.store().list().paths()).noneMatch(path -> path.matches("shared/base-.*[.]sst"));
            assertThat(partition.isRightInTheStore()).isTrue();
        }
    }

    @Test
    @Tag("rule-K11")
    void shouldTakeInACheckpointWhenNoBaseCanBeLinked() throws IOException {
        // Given: a checkpoint that makes a base due, which cannot be linked without a MANIFEST
        try (LonePartition partition = new LonePartition(directory, true).start()) {
            partition.large().large().large();
            for (Path manifest : partition.files("MANIFEST-[0-9]+")) {
                Files.delete(manifest);
            }

            // When
            partition.large();

            // Then
            assertThat(partition.own().damage()).isEmpty();
            assertThat(partition.isRight()).isTrue();
        }
    }

    private static void damage(LonePartition partition, String regex) {
        List<Path> files = partition.files(regex);
        assertThat(files).isNotEmpty();
        files.forEach(file -> Damage.flip(file, 0.4));
    }
}
