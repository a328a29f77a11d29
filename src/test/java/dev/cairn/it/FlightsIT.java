package dev.cairn.it;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.TestData;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.WorkerProcess;

/** The main job as a user runs it: the packaged worker, a real broker, real flights. */
class FlightsIT {

    private final TestBroker broker = Brokers.shared();

    @Test
    void shouldAggregateEveryFlightExactlyOnce(@TempDir Path directory) {
        // Given
        Path flights = TestData.flights();
        broker.createTopic("flights-it", 4);
        broker.createTopic("delays-it", 4);
        Topics.load(broker, "flights-it", flights, "/origin");

        // When
        try (WorkerProcess worker = Workers.aggregate(broker, directory, "flights-it", "flights-it", "delays-it")
                .start()) {
            Workers.awaitCaughtUp(broker, "flights-it", "flights-it");
            worker.terminate(Duration.ofSeconds(60));
        }

        // Then
        AggregateVerifier.ofFile(flights, "/origin", "/delay")
                .verifyExactlyOnce(Readers.readCommitted(broker, "delays-it"));
    }
}
