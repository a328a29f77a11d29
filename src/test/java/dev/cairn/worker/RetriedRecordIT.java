package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.testkit.worker.TotalProcessor;
import dev.cairn.worker.status.Finding;
import dev.cairn.worker.status.Reason;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;
import dev.cairn.worker.status.WorkerStatus.RetryInfo;

/** A record that fails for a while is tried again, while other partitions continue. */
class RetriedRecordIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int FAILS_AT = 10;

    private final TestBroker broker = Brokers.shared();
    private final AtomicBoolean isAway = new AtomicBoolean(true);
    private final AtomicInteger tries = new AtomicInteger();

    @TempDir
    Path directory;

    /** Totals of partition 0 need another system for one record, after they have changed state and emitted. */
    private Processor<?, ?, ?, ?> processor() {
        return new Dependent<>(new TotalProcessor(value -> {}), input -> {
            if (input.partition() == 0 && input.offset() == FAILS_AT && isAway.get()) {
                tries.incrementAndGet();
                throw new IllegalStateException(new ConnectException("refused"));
            }
        });
    }

    private record Dependent<K, V, L, W>(Processor<K, V, L, W> inner, Consumer<InputRecord<K, V>> system)
            implements Processor<K, V, L, W> {

        @Override
        public void declare(Declaration<K, V, L, W> declare) {
            inner.declare(declare);
        }

        @Override
        public void process(InputRecord<K, V> input, Output<L, W> output) throws Exception {
            inner.process(input, output);
            system.accept(input);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWaitWithOnePartitionAndContinueWithTheOther(int inputs) {
        // Given
        TestJob job = job("1000000");
        for (int i = 1; i < inputs; i++) {
            job.addInput();
        }
        try (EmbeddedWorker worker =
                job.worker("worker-1", this::processor).start().awaitRunning(0).awaitRunning(1)) {

            // When
            job.send(FAILS_AT + 20, 3);
            await().atMost(LIMIT).until(() -> tries.get() > 3);
            job.sendTo(1, 50, 3);

            // Then
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(job.committed(1).offset()).isEqualTo(FAILS_AT + 20 + 50);
                assertThat(job.committed(0).offset()).isEqualTo(FAILS_AT);
            });
            RetryInfo retry = partition(worker, 0).retry().orElseThrow();
            assertThat(retry.record()).endsWith("-0@" + FAILS_AT);
            assertThat(retry.cause()).contains("ConnectException");
            assertThat(retry.failures()).isGreaterThan(3);
            assertThat(partition(worker, 1).retry()).isEmpty();
            assertThat(worker.status().loops().get(0).work().retries()).isGreaterThan(3);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(worker.status().judgement().reasons())
                            .extracting(Reason::finding)
                            .contains(Finding.PARTITION_RETRYING));

            // When
            isAway.set(false);

            // Then
            job.awaitCommitted();
            assertThat(worker.status().records()).isEqualTo(job.sent());
            assertThat(worker.rollBacks()).isZero();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(partition(worker, 0).retry()).isEmpty();
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldStopOnceTheLimitIsReached() {
        // Given
        TestJob job = job("3");
        try (EmbeddedWorker worker =
                job.worker("worker-1", this::processor).start().awaitRunning(0).awaitRunning(1)) {

            // When
            job.send(FAILS_AT + 1, 3);

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(job.input() + "-0@" + FAILS_AT)
                    .hasMessageContaining("tried 4 times");
        }
        assertThat(tries).hasValue(4);
    }

    /** What waits belongs to the next owner, which tries it anew. */
    @Test
    void shouldEndInGoodOrderWhileRecordWaits() {
        // Given
        TestJob job = job("10").set("cairn.errors.retry.backoff", "1h").set("cairn.errors.retry.max-backoff", "1h");
        try (EmbeddedWorker worker =
                job.worker("worker-1", this::processor).start().awaitRunning(0).awaitRunning(1)) {
            job.send(FAILS_AT + 20, 3);
            await().atMost(LIMIT).until(() -> partition(worker, 0).retry().isPresent());
        }
        job.awaitNoMembers();
        assertThat(job.committed(0).offset()).isEqualTo(FAILS_AT);

        // When
        isAway.set(false);
        try (EmbeddedWorker worker =
                job.worker("worker-2", this::processor).start().awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }

        // Then
        job.verifyExactlyOnce();
    }

    private TestJob job(String limit) {
        return new TestJob(broker, directory, 2)
                .set("cairn.errors.retry.exceptions", IOException.class.getName())
                .set("cairn.errors.retry.limit", limit)
                .set("cairn.errors.retry.backoff", "50ms")
                .set("cairn.errors.retry.max-backoff", "200ms");
    }

    private static PartitionInfo partition(EmbeddedWorker worker, int number) {
        return worker.status().partitions().stream()
                .filter(partition -> partition.number() == number)
                .findFirst()
                .orElseThrow();
    }
}
