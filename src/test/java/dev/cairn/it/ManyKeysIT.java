package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.container.MemoryLimit;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.WorkerProcess;

/** State that does not fit into the heap, in a worker that may not take more than a container gives it. */
class ManyKeysIT {

    private static final int KEYS = 300_000;
    private static final int UPDATES = 50_000;
    private static final long CONTAINER_BYTES = 384L << 20;

    private final TestBroker broker = Brokers.shared();

    @Test
    void shouldKeepRunningWithMoreStateThanMemory(@TempDir Path directory) {
        // Given
        broker.createTopic("many-keys", 4);
        broker.createTopic("many-keys-out", 4);
        AggregateVerifier expected = new AggregateVerifier();
        SplittableRandom random = new SplittableRandom(3);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < KEYS + UPDATES; i++) {
            String key = "customer-" + (i < KEYS ? i : random.nextInt(KEYS));
            expected.expect(key, BigDecimal.valueOf(i));
            records.add(Topics.record("many-keys", key, "{\"delay\":" + i + "}"));
        }
        Topics.send(broker, records);
        Optional<MemoryLimit> limit = MemoryLimit.of(CONTAINER_BYTES);

        // When
        try (WorkerProcess worker = Workers.aggregate(broker, directory, "many-keys", "many-keys", "many-keys-out")
                .jvm("-Xmx96m")
                .launchedBy(limit.map(MemoryLimit::launcher).orElse(new String[0]))
                .start()) {
            Workers.awaitCaughtUp(broker, "many-keys", "many-keys");
            worker.terminate(Duration.ofSeconds(60));
            Errors.none(worker);
        }

        // Then
        limit.ifPresent(each -> {
            assertThat(each.kills()).isZero();
            each.close();
        });
        expected.verifyExactlyOnce(Readers.readCommitted(broker, "many-keys-out"));
    }
}
