package dev.cairn.worker.loop;

import static org.apache.kafka.clients.admin.TransactionState.ONGOING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

import dev.cairn.storage.ObjectStore;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.store.LiveFiles;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.WorkerState;

/** However a loop ends, it leaves no transaction behind that would hold up the readers of the output. */
class LoopEndIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final TestBroker broker = Brokers.shared();
    private final AtomicBoolean broken = new AtomicBoolean();

    @TempDir
    Path directory;

    /** Tolerated or not: the one is a roll back that has no turn left to be done in, the other is an error. */
    @ParameterizedTest
    @Tag("rule-S8")
    @ValueSource(ints = {0, 1000})
    void shouldAbortItsTransactionWhenTheLastCheckpointFails(int tolerated) {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("execution.checkpointing.interval", "10min")
                .set("execution.checkpointing.tolerable-failed-checkpoints", Integer.toString(tolerated));
        List<String> ids = job.transactionalIds("worker-1");
        try (EmbeddedWorker worker =
                job.worker("worker-1", new StepGate(), this::breakable).start().awaitRunning(0)) {
            job.send(20, 5);
            worker.awaitProcessed(20);
            await().atMost(LIMIT)
                    .until(() -> ids.stream().anyMatch(id -> job.transaction(id).state() == ONGOING));

            // When
            broken.set(true);
        }

        // Then
        await().atMost(LIMIT)
                .until(() -> ids.stream().noneMatch(id -> job.transaction(id).state() == ONGOING));

        // And the next start processes what was not committed.
        broken.set(false);
        job.set("execution.checkpointing.interval", "200ms");
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.verifyExactlyOnce();
    }

    /** A database that stays open keeps its lock, so that this process cannot start the partition again. */
    @RepeatedTest(5)
    void shouldLeaveNoDatabaseOpenWhenItEndsDuringAStart() throws Exception {
        // Given
        TestJob job = new TestJob(broker, directory, 12);
        job.send(1, 1);
        Path databases = directory.resolve("local").resolve(job.name()).resolve("worker-1");

        // When
        EmbeddedWorker worker = job.start("worker-1");
        try (worker) {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> !current(databases)
                    .isEmpty());
        }

        // Then
        try (Options options = new Options()) {
            for (Path current : current(databases)) {
                RocksDB.open(options, current.getParent().toString()).close();
            }
        }
        try (EmbeddedWorker next = job.start("worker-1")) {
            job.awaitCommitted();
            assertThat(next.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.verifyExactlyOnce();
    }

    private static List<Path> current(Path databases) throws IOException {
        if (!Files.isDirectory(databases)) {
            return List.of();
        }
        return LiveFiles.below(databases).stream()
                .filter(file -> file.endsWith("db/CURRENT"))
                .toList();
    }

    private ObjectStore breakable(ObjectStore objects) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (broken.get() && List.of("put", "create").contains(method.getName())) {
                        throw new IllegalStateException("the store is broken");
                    }
                    try {
                        return method.invoke(objects, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
