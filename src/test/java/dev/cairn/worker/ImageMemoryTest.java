package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.settings.StateBackend;

/** The heap that the image's flags allow, and what the worker makes of the rest, are inside of a container's limit. */
class ImageMemoryTest {

    private static final long MIB = 1L << 20;

    /** Code, classes, threads and buffers of the JVM. */
    private static final long JVM_BYTES = 192 * MIB;

    @ParameterizedTest
    @CsvSource({
        "Dockerfile.jvm, 512",
        "Dockerfile.jvm, 1024",
        "Dockerfile.jvm, 8192",
        "Dockerfile.jvm, 65536",
        "Dockerfile.native, 512",
        "Dockerfile.native-multistage, 512"
    })
    void shouldHaveRoomForTheHeapAndForRocks(String dockerfile, long containerMib) throws IOException {
        // Given
        long container = containerMib * MIB;
        long heap = container * heapPercentage(dockerfile) / 100;

        // When
        MemoryBudget budget = Budgets.of(heap, container, 2, StateBackend.ROCKSDB);

        // Then: the allocator takes about as much again as the block cache
        assertThat(heap + JVM_BYTES + 2 * budget.blockCacheBytes()).isLessThanOrEqualTo(container);
    }

    private static long heapPercentage(String dockerfile) throws IOException {
        Matcher flag = Pattern.compile("-XX:(?:MaxRAMPercentage|MaximumHeapSizePercent)=(\\d+)")
                .matcher(Files.readString(Path.of("docker", dockerfile)));
        assertThat(flag.find()).isTrue();
        return Long.parseLong(flag.group(1));
    }
}
