package dev.cairn.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.worker.WorkerProcess;

class ForkedBrokerIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void shouldKeepRecordsAndAddressWhenKilledAndStartedAgain() {
        try (ForkedBroker broker = ForkedBroker.start(directory, Map.of())) {
            // Given
            broker.createTopic("kept", 2);
            Topics.send(broker, "kept", "a", "before");

            // When
            broker.kill();
            broker.start();
            Topics.send(broker, "kept", "a", "after");

            // Then
            assertThat(Readers.readCommitted(broker, "kept").records())
                    .extracting(ConsumerRecord::value)
                    .containsExactly("before", "after");
        }
    }

    @Test
    void shouldNotAnswerWhilePaused() {
        try (ForkedBroker broker = ForkedBroker.start(directory, Map.of())) {
            // Given
            broker.createTopic("paused", 1);

            // When
            broker.pause();

            // Then
            DescribeClusterOptions atOnce = new DescribeClusterOptions().timeoutMs(1000);
            assertThatThrownBy(() ->
                            Answers.of(broker.admin().describeCluster(atOnce).nodes()))
                    .isInstanceOf(TimeoutException.class);
            broker.resume();
            Topics.send(broker, "paused", "a", "1");
            assertThat(Readers.readCommitted(broker, "paused").size()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndWithItsParentWhenPausedAndTheParentIsKilled() {
        try (WorkerProcess parent = WorkerProcess.ofMain(Parent.class, directory.toString())
                .directory(directory)
                .start()) {
            // Given
            String line = parent.awaitOutput("^broker is process ", LIMIT);
            ProcessHandle broker = ProcessHandle.of(Long.parseLong(line.substring("broker is process ".length())))
                    .orElseThrow();

            // When
            parent.kill9();

            // Then
            await().atMost(LIMIT).until(() -> !broker.isAlive());
        }
    }

    /** Has a broker that is paused, and waits to be killed. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws InterruptedException {
            ForkedBroker broker = ForkedBroker.start(Path.of(args[0]), Map.of());
            broker.pause();
            System.out.println("broker is process " + broker.pid());
            Thread.currentThread().join();
        }
    }
}
