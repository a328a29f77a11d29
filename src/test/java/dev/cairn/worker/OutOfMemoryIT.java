package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.worker.WorkerProcess;

/** A process without the JVM's flag whose memory is exhausted. */
class OutOfMemoryIT {

    @ParameterizedTest
    @ValueSource(strings = {"uncaught", "logged", "wrapped"})
    void shouldEndTheProcessWhereverTheErrorEnds(String where) {
        // When
        try (WorkerProcess process =
                WorkerProcess.ofMain(ExhaustedMain.class, where).jvm("-Xmx64m").start()) {

            // Then
            assertThat(process.awaitExit(Duration.ofSeconds(60))).isEqualTo(OutOfMemory.EXIT_CODE);
            assertThat(process.output()).anyMatch(line -> line.contains("its memory is exhausted"));
        }
    }
}
