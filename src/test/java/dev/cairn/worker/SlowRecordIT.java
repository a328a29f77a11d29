package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;

/** A record takes longer than the group waits for a poll, each time. */
class SlowRecordIT {

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    private static final class Slow implements Processor<String, String, String, String> {

        private static final String VALUE = "777";

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) throws Exception {
            if (input.value().equals(VALUE)) {
                new CountDownLatch(1).await(8, TimeUnit.SECONDS);
            }
            output.emit(input.key(), input.value());
        }
    }

    @Test
    void shouldStopAndNameTheRecordAndTheSetting() {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("kafka.max.poll.interval.ms", "6000")
                .set("execution.checkpointing.timeout", "2s");
        try (EmbeddedWorker worker = job.worker("worker-1", Slow::new).start().awaitRunning(0)) {
            job.send(10, 2);
            job.awaitCommitted();

            // When
            job.sendValue("slow", Slow.VALUE);

            // Then
            await().atMost(Duration.ofMinutes(3)).until(() -> worker.state() == WorkerState.FAILED);
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("times in a row without progress")
                    .hasMessageContaining("{" + job.input() + "-0=11}")
                    .hasMessageContaining("to process the record " + job.input() + "-0@10.")
                    .hasMessageContaining("kafka.max.poll.interval.ms=6000");
        }
        assertThat(job.committed(0).offset()).isEqualTo(10);
    }
}
