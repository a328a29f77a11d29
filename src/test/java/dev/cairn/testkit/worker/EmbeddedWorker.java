package dev.cairn.testkit.worker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import org.awaitility.core.ConditionTimeoutException;

import dev.cairn.settings.ClaimMode;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.Logs;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.worker.Worker;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.status.HotKeys;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;

/**
 * A worker in this JVM: the real one, of which a {@link StepGate} steers the timing. Its processor keeps and emits totals
 * as {@code aggregate} does, of values that are integers.
 */
public final class EmbeddedWorker implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Worker worker;
    private final StepGate gate;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    private EmbeddedWorker(
            Settings settings, ProcessorFactory processors, StepGate gate, UnaryOperator<ObjectStore> objects) {
        this.gate = gate;
        this.worker = new Worker(
                settings,
                processors,
                () -> objects.apply(ObjectStores.open(settings.checkpoints().dir())),
                settings.recovery().claimMode() == ClaimMode.CLAIM ? ObjectStores::open : EmbeddedWorker::elsewhere,
                gate,
                "test",
                failure::complete);
    }

    /** A worker with these settings, and nothing else. It does not run yet. */
    static EmbeddedWorker of(Map<String, String> settings, StepGate gate, UnaryOperator<ObjectStore> objects) {
        return of(settings, () -> new TotalProcessor(gate::beforeRecord), gate, objects);
    }

    /** As above, with a processor of the test's own. */
    static EmbeddedWorker of(
            Map<String, String> settings,
            ProcessorFactory processors,
            StepGate gate,
            UnaryOperator<ObjectStore> objects) {
        return new EmbeddedWorker(read(settings), processors, gate, objects);
    }

    /** Reads settings, and nothing else. */
    public static Settings read(Map<String, String> settings) {
        return new WorkerSettings().set(settings).read();
    }

    private static ObjectStore elsewhere(String location) {
        return ObjectStores.openToRead(location, () -> {
            throw new IllegalStateException("tests of one process keep their checkpoints in directories");
        });
    }

    /** Starts it. @throws dev.cairn.worker.status.StopWorkerException when it cannot start */
    public EmbeddedWorker start() {
        Logs.quiet();
        worker.start();
        return this;
    }

    /** The worker itself. */
    public Worker worker() {
        return worker;
    }

    /** Steers its timing. */
    public StepGate gate() {
        return gate;
    }

    /** What it is doing. */
    public WorkerStatus status() {
        return worker.status();
    }

    /** The keys that are updated most and those with the largest values. */
    public HotKeys hotKeys() {
        return worker.hotKeys();
    }

    /** Where it stands. */
    public WorkerState state() {
        return worker.state();
    }

    /** How often it went back to the last checkpoint. */
    public long rollBacks() {
        return status().rollBacks();
    }

    /** Waits until a partition is running. */
    public EmbeddedWorker awaitRunning(int partition) {
        try {
            await("partition " + partition + " is running").atMost(LIMIT).until(() -> partition(partition)
                    .filter(PartitionState.RUNNING::equals)
                    .isPresent());
            return this;
        } catch (ConditionTimeoutException e) {
            // Usually called before anyone has it to close it.
            close();
            throw e;
        }
    }

    /** Where a partition stands, if this worker has it. */
    public Optional<PartitionState> partition(int partition) {
        return status().partitions().stream()
                .filter(info -> info.number() == partition)
                .map(WorkerStatus.PartitionInfo::state)
                .findFirst();
    }

    /** Waits until a partition is parked. @return why */
    public String awaitParked(int partition) {
        await("partition " + partition + " is parked").atMost(LIMIT).until(() -> partition(partition)
                .filter(PartitionState.PARKED::equals)
                .isPresent());
        return status().partitions().stream()
                .filter(info -> info.number() == partition)
                .map(WorkerStatus.PartitionInfo::parkedBecause)
                .filter(cause -> !cause.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** Waits until it has processed this many records since its start, those that it processed twice included. */
    public EmbeddedWorker awaitProcessed(long records) {
        await(records + " records are processed").atMost(LIMIT).until(() -> status().records() >= records);
        return this;
    }

    /** Waits until it has gone back to the last checkpoint this often. */
    public EmbeddedWorker awaitRollBacks(long count) {
        await(count + " roll backs").atMost(LIMIT).until(() -> rollBacks() >= count);
        return this;
    }

    /** Waits until it has ended by itself. @return why */
    public Throwable awaitFailure() {
        await("the worker ends by itself").atMost(LIMIT).until(failure::isDone);
        return failure.getNow(null);
    }

    /** Lets go of everything that is held, and stops it in good order. */
    @Override
    public void close() {
        gate.open();
        worker.stop();
    }
}
