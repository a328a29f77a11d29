package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingObjectStoreTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 99, 100, 3_000, 5_000, 300_000})
    void shouldWorkWithAnyLimit(long limitMillis) {
        // Given
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        ObjectStore files = ObjectStores.open(directory.toString());

        // When
        try (ObjectStore store = new RetryingObjectStore(files, Duration.ofMillis(limitMillis))) {
            store.put("job/object", content);

            // Then
            assertThat(store.read("job/object")).isEqualTo(content);
        }
    }
}
