package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.storage.ObjectStore;

class CheckpointsDirectoryTest {

    @TempDir
    Path temp;

    @Test
    void shouldCreateWhatIsToBeWritten() {
        // Given
        CheckpointsDirectory directory =
                CheckpointsDirectory.of(temp.resolve("savepoints").toString());

        // When
        try (ObjectStore store = directory.openToWrite()) {
            store.put("savepoint/_metadata", new byte[] {1});
        }

        // Then
        try (ObjectStore store = directory.open()) {
            assertThat(store.directories("")).containsExactly("savepoint");
        }
    }

    @Test
    void shouldNameTheSettingByWhichNothingCanBeWritten() {
        // Given
        CheckpointsDirectory directory = CheckpointsDirectory.of(temp.toString());
        System.setProperty("cairn.s3.encryption", "rot13");
        try {
            // Then
            assertThatThrownBy(directory::openToWrite)
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("cairn.s3.encryption")
                    .hasMessageContaining("sse-kms");
        } finally {
            System.clearProperty("cairn.s3.encryption");
        }
        assertThat(temp).isEmptyDirectory();
    }
}
