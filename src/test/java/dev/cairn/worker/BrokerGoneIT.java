package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Judgement;

/** What a worker says of itself while Kafka is away. */
class BrokerGoneIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int RECORDS = 20;

    @TempDir
    Path directory;

    @Test
    void shouldBeUnreachableWhileTheBrokerIsAwayAndRunningOnceItIsBack() {
        try (StoppableBroker broker = Brokers.own(directory.resolve("broker"))) {
            // Given
            TestJob job = new TestJob(broker, directory.resolve("broker-gone"), 2);
            try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0).awaitRunning(1)) {
                job.send(RECORDS, 5);
                job.awaitCommitted();
                await("running, lag 0")
                        .atMost(LIMIT)
                        .until(() -> worker.status().judgement().state() == JobState.RUNNING
                                && worker.status().lag().orElse(-1) == 0);
                assertThat(worker.status().sinceBrokerContact()).isLessThan(Duration.ofSeconds(5));

                // When
                broker.kill();

                // Then
                await("lag unknown")
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> worker.status().lag().isEmpty());
                await("unreachable")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> worker.status().judgement().state() == JobState.UNREACHABLE);
                Judgement judgement = worker.status().judgement();
                assertThat(judgement.isReady()).isFalse();
                assertThat(judgement.isLive()).isTrue();
                assertThat(judgement.text()).contains("Kafka has not answered for 1");
                assertThat(worker.status().sinceBrokerContact()).isGreaterThan(Duration.ofSeconds(10));

                // When
                broker.start();
                job.send(RECORDS, 5);
                job.awaitCommitted();

                // Then
                await("running, lag 0")
                        .atMost(LIMIT)
                        .until(() -> worker.status().judgement().state() == JobState.RUNNING
                                && worker.status().lag().orElse(-1) == 0);
            }
        }
    }
}
