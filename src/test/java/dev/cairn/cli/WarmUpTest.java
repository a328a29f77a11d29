package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.KafkaAdminClient;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.format.MetadataCodec;

class WarmUpTest {

    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void shouldInitializeWhatAWorkerIsGoingToNeed() throws IOException, InterruptedException {
        // Given
        Path initialized = directory.resolve("initialized");

        // When
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+init=info:file=" + initialized,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .inheritIO()
                .start();

        // Then
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(initialized))
                .contains(initializing(ApiKeys.class.getName()))
                .contains(initializing(KafkaAdminClient.class.getName()))
                .contains(initializing(KafkaConsumer.class.getName()))
                .contains(initializing(KafkaProducer.class.getName()))
                .contains(initializing(MetadataCodec.class.getName()));
    }

    private static String initializing(String type) {
        return "Initializing '" + type.replace('.', '/') + "'";
    }

    /** Ends when the warm-up has. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            WarmUp.start();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("cairn-warm-up")) {
                    thread.join();
                }
            }
        }
    }
}
