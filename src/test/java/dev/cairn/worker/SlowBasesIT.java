package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.store.ForwardingObjectStore;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.WorkerState;

/** Bases that take longer to upload than a checkpoint may take. A base is due after 128 checkpoints, which takes a while. */
@Tag("chaos")
class SlowBasesIT {

    private static final int PARTITIONS = 12;
    private static final Duration UPLOAD = Duration.ofSeconds(8);
    private static final int UPLOADS = 3;
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ONE = "1".getBytes(StandardCharsets.UTF_8);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-K11")
    void shouldTakeCheckpointsWhileBasesAreUploaded() {
        // Given: checkpoints in such numbers that all partitions need a base at the same time
        TestJob job = new TestJob(broker, directory, PARTITIONS)
                .set("state.backend.fs.memory-threshold", "0")
                .set("execution.checkpointing.interval", "20ms")
                .set("execution.checkpointing.timeout", "5s");
        SlowBases[] slow = new SlowBases[1];
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = Topics.producer(broker);
                EmbeddedWorker worker = job.worker("worker-1", new StepGate(), store -> slow[0] = new SlowBases(store))
                        .start()) {
            worker.awaitRunning(PARTITIONS - 1);

            // When
            await("several bases are uploaded").atMost(LIMIT).pollInterval(PACE).until(() -> {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(job.input(), partition, KEY, ONE)));
                }
                return slow[0].ended.get() >= UPLOADS || worker.state() != WorkerState.RUNNING;
            });
            producer.flush();
            assertThat(sent).allMatch(Future::isDone);
            job.awaitCommitted();

            // Then
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.rollBacks()).isZero();
            assertThat(slow[0].mostAtOnce.get()).as("bases at the same time").isBetween(1, 2);
        }
    }

    /** A store that takes long for what a base is made of. */
    private static final class SlowBases extends ForwardingObjectStore {

        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        SlowBases(ObjectStore store) {
            super(store);
        }

        @Override
        public void put(String key, Path file) {
            slowly(key, () -> super.put(key, file));
        }

        @Override
        public void put(String key, byte[] content) {
            slowly(key, () -> super.put(key, content));
        }

        private void slowly(String key, Runnable put) {
            if (!key.contains("/shared/base-")) {
                put.run();
                return;
            }
            mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                TimeUnit.NANOSECONDS.sleep(UPLOAD.toNanos());
                put.run();
                ended.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StorageException("interrupted", e);
            } finally {
                now.decrementAndGet();
            }
        }
    }
}
