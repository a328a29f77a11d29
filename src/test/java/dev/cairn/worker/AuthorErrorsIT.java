package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import com.example.Orders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;

/** What authors of processors do wrong: the worker stops with a sentence that names it and its line, and keeps none of it. */
class AuthorErrorsIT {

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                anna | fail                 | java.lang.IllegalArgumentException at com.example.Orders.fail(Orders.java:
                     | good                 | the state 'orders' belongs to the record's key, and this record has none
                anna | state from a thread  | the state 'orders' was used by the thread 'author's pool'
                anna | output from a thread | was used by the thread 'author's pool'
                anna | output nothing       | returned null for a value that is not null
                anna | store nothing        | a value of the state 'orders' cannot be written
            """)
    void shouldNameWhatTheAuthorDid(String key, String value, String sentence) {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        try (EmbeddedWorker worker =
                job.worker("worker-1", () -> new Orders(false)).start()) {
            Topics.send(broker, job.input(), "anna", "good");
            job.awaitCommitted();

            // When
            Topics.send(broker, job.input(), key, value);

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(sentence)
                    .hasMessageNotContaining("anna");
            if (!value.equals("store nothing")) {
                assertThat(worker.awaitFailure())
                        .hasMessageContaining("com.example.Orders")
                        .hasMessageContaining(job.input() + "-0@1");
            }
        }
        assertThat(Readers.readCommitted(broker, job.output()).records())
                .extracting(ConsumerRecord::value)
                .isEqualTo(List.of("good"));
        assertThat(job.committed(0).offset()).isEqualTo(1);
    }

    @Test
    void shouldRefuseStateInDeclare() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);

        // When
        try (EmbeddedWorker worker =
                job.worker("worker-1", () -> new Orders(true)).start()) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("the state 'orders' was used outside of process")
                    .hasMessageContaining("com.example.Orders.declare(Orders.java:");
        }
    }

    @Test
    void shouldNameTheLineOfAConstructor() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);

        // When
        try (EmbeddedWorker worker = job.worker("worker-1", () -> {
                    Orders.fail("anna");
                    return new Orders(false);
                })
                .start()) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("the processor cannot be created")
                    .hasMessageContaining("com.example.Orders.fail(Orders.java:");
        }
    }
}
