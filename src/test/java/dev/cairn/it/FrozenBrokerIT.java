package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** SIGTERM while the broker is frozen: its connections stay open, and it answers nothing. */
class FrozenBrokerIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration END_LIMIT = Duration.ofSeconds(25);

    @TempDir
    Path directory;

    private StoppableBroker broker;

    @BeforeEach
    void startBroker() {
        broker = Brokers.own(directory.resolve("broker"));
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXACTLY_ONCE", "AT_LEAST_ONCE"})
    void shouldEndSoonUnderLoad(String mode) {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "frozen-load").send(40);
        WorkerProcess.Builder workers = job.worker().set("execution.checkpointing.mode", mode);
        try (WorkerProcess worker = workers.start()) {
            job.awaitCaughtUp();
            job.send(5000);

            // When
            broker.pause();
            worker.awaitOutput("job frozen-load: unreachable.*|.*Kafka has not answered.*", LIMIT);

            // Then
            endSoon(worker);
        }
        broker.resume();
        try (WorkerProcess worker = workers.start()) {
            job.send(20).awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        if (mode.equals("EXACTLY_ONCE")) {
            job.verifyExactlyOnce();
        } else {
            job.verifyAtLeastOnce();
        }
    }

    @Test
    void shouldEndSoonWhileIdleAndWhileItStarts() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "frozen-idle").send(40);
        WorkerProcess.Builder workers = job.worker().set("execution.checkpointing.mode", "AT_LEAST_ONCE");
        try (WorkerProcess worker = workers.start()) {
            job.awaitCaughtUp();

            // When
            broker.pause();

            // Then
            endSoon(worker);
        }

        // When
        try (WorkerProcess worker = workers.start()) {

            // Then
            worker.awaitOutput("the start waits for Kafka at .*", LIMIT);
            endSoon(worker);
        }
        broker.resume();
        try (WorkerProcess worker = workers.start()) {
            job.send(20).awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        job.verifyAtLeastOnce();
    }

    private static void endSoon(WorkerProcess worker) {
        long began = System.nanoTime();
        worker.terminate(LIMIT.multipliedBy(3));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(END_LIMIT);
    }
}
