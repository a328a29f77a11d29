package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.settings.StateBackend;

/**
 * The heap that the flags of an image or of a bare executable allow, and what the worker makes of the rest, are inside of a
 * container's limit.
 */
class ImageMemoryTest {

    private static final long MIB = 1L << 20;

    /** Code, classes, threads and buffers of the JVM. */
    private static final long JVM_BYTES = 192 * MIB;

    @ParameterizedTest
    @CsvSource({
        "docker/Dockerfile.jvm, 512",
        "docker/Dockerfile.jvm, 1024",
        "docker/Dockerfile.jvm, 8192",
        "docker/Dockerfile.jvm, 65536",
        "docker/Dockerfile.native, 512",
        "docker/Dockerfile.native-multistage, 512",
        "src/main/resources/application.properties, 512",
        "src/main/resources/application.properties, 65536"
    })
    void shouldHaveRoomForTheHeapAndForRocks(String file, long containerMib) throws IOException {
        // Given
        long container = containerMib * MIB;
        long heap = container * heapPercentage(file) / 100;

        // When
        MemoryBudget budget = Budgets.of(heap, container, 2, StateBackend.ROCKSDB);

        // Then: the allocator takes about as much again as the block cache
        assertThat(heap + JVM_BYTES + 2 * budget.blockCacheBytes()).isLessThanOrEqualTo(container);
    }

    private static long heapPercentage(String file) throws IOException {
        Matcher flag = Pattern.compile("-(?:XX|R):(?:MaxRAMPercentage|MaximumHeapSizePercent)=(\\d+)")
                .matcher(Files.readString(Path.of(file)));
        assertThat(flag.find()).isTrue();
        return Long.parseLong(flag.group(1));
    }
}
