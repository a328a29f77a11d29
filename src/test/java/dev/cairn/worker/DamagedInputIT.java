package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;

import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.ForkedBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;

/** An input whose records are damaged on the broker's disk. */
class DamagedInputIT {

    private static final int READ = 20;
    private static final int DAMAGED = 10;

    @TempDir
    Path directory;

    @Test
    void shouldStopAndSayWhereTheInputIsDamagedAndNameAWayThatWorks() throws IOException {
        try (ForkedBroker broker = ForkedBroker.start(directory.resolve("broker"), Map.of())) {
            // Given
            TestJob job = new TestJob(broker, directory, 1);
            job.sendTo(0, READ, 5);
            try (EmbeddedWorker worker = job.start("worker-1")) {
                worker.awaitProcessed(READ);
                job.awaitCommitted();
            }
            job.sendTo(0, DAMAGED, 5);
            damageLastByte(directory.resolve("broker/data/" + job.input() + "-0/00000000000000000000.log"));

            // When
            try (EmbeddedWorker worker = job.start("worker-1")) {
                // Then
                assertThat(worker.awaitFailure())
                        .isInstanceOf(StopWorkerException.class)
                        .hasMessageContainingAll(job.input() + "-0", "offset " + READ, "kafka-delete-records.sh");
            }

            // And
            Answers.of(broker.admin()
                    .deleteRecords(
                            Map.of(new TopicPartition(job.input(), 0), RecordsToDelete.beforeOffset(READ + DAMAGED)))
                    .all());
            try (EmbeddedWorker worker = job.start("worker-1")) {
                assertThat(worker.awaitParked(0)).contains(job.input(), Integer.toString(READ + DAMAGED));
            }
        }
    }

    private static void damageLastByte(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            long last = file.length() - 1;
            while (last > 0 && read(file, last) == 0) {
                last--;
            }
            int value = read(file, last);
            file.seek(last);
            file.write(value ^ 0x55);
        }
    }

    private static int read(RandomAccessFile file, long position) throws IOException {
        file.seek(position);
        return file.read();
    }
}
