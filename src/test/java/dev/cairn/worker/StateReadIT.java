package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.state.Decoder;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** What a worker says of its state, at moments when that is not obvious. */
class StateReadIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String KEY = "p0-k0";

    @TempDir
    Path directory;

    @Test
    void shouldTellWhatIsCommittedFromWhatIsProcessed() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 2).set("execution.checkpointing.interval", "10min");
        try (EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitRunning(0).awaitRunning(1);
            assertThat(read(worker, "total", KEY, Consistency.LIVE)).isInstanceOf(StateAnswer.Absent.class);

            // When
            job.sendTo(0, 20, 5);
            worker.awaitProcessed(20);

            // Then
            awaitCount(worker, Consistency.LIVE, 4);
            assertThat(read(worker, "total", KEY, Consistency.COMMITTED)).isInstanceOf(StateAnswer.Absent.class);
            worker.worker().checkpoint().join();
            awaitCount(worker, Consistency.COMMITTED, 4);
            job.sendTo(0, 10, 5);
            awaitCount(worker, Consistency.LIVE, 6);
            assertThat(count(read(worker, "total", KEY, Consistency.COMMITTED))).isEqualTo(4);
            assertThat(read(worker, "another", KEY, Consistency.LIVE)).isInstanceOf(StateAnswer.NoSuchState.class);
            assertThat(why(worker.worker().read(query("total", KEY, 0, 3, Consistency.COMMITTED))))
                    .contains("the inputs have 3 partitions");
            assertThat(why(worker.worker().read(query("total", KEY, 7, 0, Consistency.COMMITTED))))
                    .contains("does not have partition 7");
        }
    }

    /** Results of a commit may be seen by others before the database has it. */
    @Test
    void shouldNotAnswerWithWhatWasCommittedBeforeWhileACommitIsUnderWay() throws Exception {
        TestJob job = new TestJob(Brokers.shared(), directory, 1);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Given
            job.send(20, 5);
            awaitCount(worker, Consistency.COMMITTED, 4);
            StepGate.Hold committed = worker.gate().holdAt(COMMITTED);
            job.send(20, 5);
            committed.awaitHeld();

            // When
            assertThat(why(read(worker, "total", KEY, Consistency.COMMITTED))).contains("being committed");
            awaitCount(worker, Consistency.LIVE, 8);
            CompletableFuture<StateAnswer> waiting =
                    CompletableFuture.supplyAsync(() -> read(worker, "total", KEY, Consistency.COMMITTED));
            committed.release();

            // Then
            assertThat(count(waiting.get())).isEqualTo(8);
        }
    }

    @Test
    void shouldNotAnswerWhileTheLoopIsBusy() {
        TestJob job = new TestJob(Brokers.shared(), directory, 1);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.send(20, 5);
            awaitCount(worker, Consistency.COMMITTED, 4);
            StepGate.Hold record = worker.gate().holdBeforeRecord("42");
            job.sendValue("other", "42");
            record.awaitHeld();

            assertThat(why(read(worker, "total", KEY, Consistency.LIVE))).contains("busy");
            record.release();
            awaitCount(worker, Consistency.LIVE, 4);
        }
    }

    /** Someone else may have its partitions, and it would not know. */
    @Test
    void shouldNotAnswerOnceTheGroupHasNotBeenHeardOfForASession() {
        try (StoppableBroker broker = Brokers.own(directory.resolve("broker"))) {
            TestJob job = new TestJob(broker, directory, 1);
            try (EmbeddedWorker worker = job.start("worker-1")) {
                // Given
                job.send(20, 5);
                awaitCount(worker, Consistency.COMMITTED, 4);

                // When
                broker.pause();
                long paused = System.nanoTime();
                await("it is not sure any more")
                        .atMost(LIMIT)
                        .until(() ->
                                read(worker, "total", KEY, Consistency.COMMITTED) instanceof StateAnswer.Unavailable);

                // Then
                assertThat(Duration.ofNanos(System.nanoTime() - paused)).isLessThan(Duration.ofSeconds(6));
                broker.resume();
                awaitCount(worker, Consistency.COMMITTED, 4);
            }
        }
    }

    private static void awaitCount(EmbeddedWorker worker, Consistency consistency, long expected) {
        await(consistency + " count of " + expected)
                .atMost(LIMIT)
                .until(() -> read(worker, "total", KEY, consistency) instanceof StateAnswer.Found found
                        && count(found) == expected);
    }

    private static StateAnswer read(EmbeddedWorker worker, String state, String key, Consistency consistency) {
        return worker.worker().read(query(state, key, 0, 0, consistency));
    }

    private static StateQuery query(String state, String key, int partition, int count, Consistency consistency) {
        return new StateQuery(state, key.getBytes(StandardCharsets.UTF_8), partition, count, consistency);
    }

    private static long count(StateAnswer answer) {
        assertThat(answer).isInstanceOf(StateAnswer.Found.class);
        StateAnswer.Found found = (StateAnswer.Found) answer;
        return Decoder.ofValues(found.state())
                .decode(found.value())
                .path("count")
                .asLong();
    }

    private static String why(StateAnswer answer) {
        assertThat(answer).isInstanceOf(StateAnswer.Unavailable.class);
        return ((StateAnswer.Unavailable) answer).why();
    }
}
