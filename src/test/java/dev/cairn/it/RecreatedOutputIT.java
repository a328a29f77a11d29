package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** An output topic that is deleted and created again with fewer partitions, while a worker writes to it. */
class RecreatedOutputIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
    void shouldContinueWithFewerPartitions(String mode) {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "output-again-" + mode.charAt(0))
                .send(40);
        try (WorkerProcess worker =
                job.worker().set("execution.checkpointing.mode", mode).start()) {
            job.awaitCaughtUp();

            // When
            Answers.of(broker.admin().deleteTopics(List.of(job.output())).all());
            broker.createTopic(job.output(), 1);
            job.send(40);

            // Then
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
            if (mode.equals("AT_LEAST_ONCE")) {
                assertThat(worker.output())
                        .anyMatch(line -> line.contains(job.output() + " was created anew, with 1 partitions"));
            }
        }
        assertThat(Readers.readCommitted(broker, job.output()).size()).isGreaterThanOrEqualTo(40);
    }
}
