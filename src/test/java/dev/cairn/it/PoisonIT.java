package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** Records that cannot be processed, under each of the three policies: every other record has its result, once. */
class PoisonIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldStopAtPoisonAndGoOnOnceItIsSkipped() {
        // Given
        SmallJob job = poisoned("poison-fail");

        // When, Then
        try (WorkerProcess worker = job.worker().start()) {
            assertThat(Errors.endOf(worker))
                    .contains("the record poison-fail-in-0@50 cannot be processed (process)", "not JSON")
                    .contains("cairn.errors=skip", "dead-letter");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        try (WorkerProcess worker = job.worker().set("cairn.errors", "skip").start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
            assertThat(Errors.warnings(worker))
                    .hasSize(3)
                    .anyMatch(line -> line.contains("skipped the record poison-fail-in-0@50 (process)"));
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldPutPoisonAsideInTheSameTransaction() {
        // Given
        SmallJob job = poisoned("poison-dead");
        broker.createTopic("poison-dead-letters", 1);

        // When
        try (WorkerProcess worker = job.worker()
                .set("cairn.errors", "dead-letter")
                .set("cairn.dead-letter.topic", "poison-dead-letters")
                .set("execution.checkpointing.interval", "5min")
                .set("execution.checkpointing.timeout", "1min")
                .start()) {
            worker.awaitOutput("sent the record poison-dead-in-0@101 to poison-dead-letters", LIMIT);
            // No checkpoint has been committed yet, so nothing may be seen.
            assertThat(Readers.readCommitted(broker, "poison-dead-letters").size())
                    .isZero();
            worker.terminate(LIMIT);
        }

        // Then
        job.verifyExactlyOnce();
        List<ConsumerRecord<String, String>> letters =
                Readers.readCommitted(broker, "poison-dead-letters").records();
        assertThat(letters)
                .extracting(ConsumerRecord::value)
                .containsExactly("no json", "{\"other\":1}", "{\"delay\":1}");
        assertThat(letters).extracting(ConsumerRecord::key).containsExactly("k1", "k2", null);
        assertThat(headers(letters.get(0)))
                .containsEntry("cairn.job", "poison-dead")
                .containsEntry("cairn.error.stage", "process")
                .containsEntry("cairn.input.topic", "poison-dead-in")
                .containsEntry("cairn.input.partition", "0")
                .containsEntry("cairn.input.offset", "50")
                .containsKeys("cairn.error.class", "cairn.error.message", "cairn.input.timestamp");
        assertThat(headers(letters.get(0)).get("cairn.error.message")).contains("/delay", "not JSON");
        assertThat(headers(letters.get(1)).get("cairn.error.message")).contains("/delay", "nothing there");
        assertThat(headers(letters.get(2)).get("cairn.error.message")).contains("key");
    }

    /** 100 good records in each partition, and three bad ones among those of the first. */
    private SmallJob poisoned(String name) {
        SmallJob job = SmallJob.create(broker, directory, name).sendTo(0, 50).sendTo(1, 100);
        job.sendPoison(0, "k1", "no json");
        job.sendTo(0, 49);
        job.sendPoison(0, "k2", "{\"other\":1}");
        job.sendPoison(0, null, "{\"delay\":1}");
        return job.sendTo(0, 1);
    }

    private static Map<String, String> headers(ConsumerRecord<String, String> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
