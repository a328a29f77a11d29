package dev.cairn.worker.output;

import static org.apache.kafka.clients.admin.TransactionState.ONGOING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** Which transactions end that someone left open, and which stay. */
class TransactionFencerIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker = Brokers.shared();
    private final List<KafkaProducer<byte[], byte[]>> open = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        open.forEach(producer -> producer.close(Duration.ZERO));
    }

    @Test
    @Tag("rule-R3")
    void shouldFenceMembersThatAreGoneAndNoOthers() {
        // Given
        TestJob job = new TestJob(broker, directory, 1).set("execution.checkpointing.interval", "10min");
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.send(20, 5);
            worker.awaitProcessed(20);
            String ofMember = awaitOngoing(job, job.transactionalIds("worker-1"));
            String gone = leaveOpen(job, job.name() + "/cairn/gone-0/a");
            String goneInFormerForm = leaveOpen(job, "cairn/" + job.name() + "/gone-0/b");
            String ofAnotherJob = leaveOpen(job, job.name() + "-2/cairn/gone-0/a");

            // When
            fencer(job).fenceAbsentMembers(List.of());

            // Then
            awaitEnded(job, gone);
            awaitEnded(job, goneInFormerForm);
            assertThat(job.transaction(ofMember).state()).isEqualTo(ONGOING);
            assertThat(job.transaction(ofAnotherJob).state()).isEqualTo(ONGOING);
        }
    }

    @Test
    @Tag("rule-S1")
    void shouldFenceItsOwnLoopsThatNoLongerExist() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        String ofLoopThatStays = leaveOpen(job, job.name() + "/cairn/worker-1-0/a");
        String ofLoopThatIsGone = leaveOpen(job, job.name() + "/cairn/worker-1-1/a");
        String ofAnotherWorker = leaveOpen(job, job.name() + "/cairn/worker-2-1/a");
        String inFormerForm = leaveOpen(job, "cairn/" + job.name() + "/worker-1-0/a");

        // When
        TransactionFencer fencer = fencer(job);
        fencer.fenceOwnLoopsFrom(1, "worker-1", fencer.askPending());

        // Then
        awaitEnded(job, ofLoopThatIsGone);
        awaitEnded(job, inFormerForm);
        assertThat(job.transaction(ofLoopThatStays).state()).isEqualTo(ONGOING);
        assertThat(job.transaction(ofAnotherWorker).state()).isEqualTo(ONGOING);
    }

    private TransactionFencer fencer(TestJob job) {
        return new TransactionFencer(broker.admin(), job.name());
    }

    /** Begins a transaction as someone does who dies in the middle of it. @return its id */
    private String leaveOpen(TestJob job, String id) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        open.add(producer);
        producer.initTransactions();
        producer.beginTransaction();
        @SuppressWarnings("unused") // Flushed.
        var sent = producer.send(new ProducerRecord<>(job.output(), new byte[1]));
        producer.flush();
        return awaitOngoing(job, List.of(id));
    }

    private static String awaitOngoing(TestJob job, List<String> ids) {
        await().atMost(LIMIT)
                .until(() -> ids.stream().anyMatch(id -> job.transaction(id).state() == ONGOING));
        return ids.stream()
                .filter(id -> job.transaction(id).state() == ONGOING)
                .findFirst()
                .orElseThrow();
    }

    private static void awaitEnded(TestJob job, String id) {
        await(id).atMost(LIMIT).until(() -> job.transaction(id).state() != ONGOING);
    }
}
