package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.ObservedObjectStore;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreListener;
import dev.cairn.storage.StoreOptions;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.Finding;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerStatus;

/** What real workers say of themselves in each situation. They get into theirs in parallel, because it takes a while. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SituationsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int RECORDS = 20;

    @TempDir
    static Path directory;

    private final Map<Situation, EmbeddedWorker> arranged = new EnumMap<>(Situation.class);

    /** A situation, and what has to be said of it. */
    private enum Situation {
        WELL(JobState.RUNNING, null, true) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                return running(job);
            }
        },
        PAUSED(JobState.PAUSED, Finding.PAUSED, true) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                EmbeddedWorker running = running(job);
                running.worker().pause();
                return running;
            }
        },
        ONE_PARKED(JobState.DEGRADED, Finding.PARTITION_PARKED, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                job.run("worker-1", 1);
                damage(job.checkpoints(1));
                return job.start("worker-1");
            }
        },
        ALL_PARKED(JobState.PARKED, Finding.ALL_PARKED, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                job.run("worker-1", 1);
                damage(job.checkpoints(0));
                damage(job.checkpoints(1));
                return job.start("worker-1");
            }
        },
        RESTORING(JobState.RESTORING, Finding.PARTITION_RESTORING, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                job.run("worker-1", 1);
                return job.worker("worker-1", new StepGate(), objects -> refusing(objects, "read"))
                        .start();
            }
        },
        ONE_OF_TWO_INPUTS_GONE(JobState.DEGRADED, Finding.INPUT_MISSING, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                String second = job.addInput();
                EmbeddedWorker running = running(job);
                job.deleteInput(second);
                return running;
            }
        },
        ALL_INPUTS_GONE(JobState.PARKED, Finding.ALL_INPUTS_MISSING, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                EmbeddedWorker running = running(job);
                job.deleteInput(job.input());
                return running;
            }
        },
        LOOP_STALLED(JobState.STALLED, Finding.LOOP_WAITS, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                job.set("state.backend.async", "false").set("execution.checkpointing.timeout", "5min");
                EmbeddedWorker running = running(job);
                StepGate.Hold hold = running.gate().holdAt(CheckpointStep.SST_WRITTEN);
                job.send(RECORDS, 5);
                hold.awaitHeld();
                return running;
            }
        },
        ROLLING_BACK_WITHOUT_PROGRESS(JobState.STALLED, Finding.ROLLS_BACK, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                job.set("execution.checkpointing.tolerable-failed-checkpoints", "1000");
                EmbeddedWorker worker = job.worker("worker-1", new StepGate(), objects -> refusing(objects, "create"))
                        .start()
                        .awaitRunning(0);
                job.send(RECORDS, 5);
                return worker;
            }
        },
        STORE_GONE(JobState.DEGRADED, Finding.STORE_FAILING, false) {
            @Override
            EmbeddedWorker arrange(TestJob job, Path directory) {
                S3Server server = S3Server.start(
                        created(directory.resolve("buckets/checkpoints")).getParent());
                job.set("execution.checkpointing.timeout", "5min");
                ObjectStore bucket =
                        ObjectStores.open("s3://checkpoints/", () -> server.client(), StoreOptions.DEFAULT);
                EmbeddedWorker worker = job.worker(
                                "worker-1",
                                new StepGate(),
                                objects -> new RetryingObjectStore(
                                        new ObservedObjectStore(bucket, StoreListener.NONE), Duration.ofMinutes(5)))
                        .start()
                        .awaitRunning(0);
                job.send(RECORDS, 5);
                job.awaitCommitted();
                server.close();
                job.send(RECORDS, 5);
                return worker;
            }
        };

        private final JobState state;
        private final Finding finding;
        private final boolean ready;

        Situation(JobState state, Finding finding, boolean ready) {
            this.state = state;
            this.finding = finding;
            this.ready = ready;
        }

        abstract EmbeddedWorker arrange(TestJob job, Path directory);

        private static EmbeddedWorker running(TestJob job) {
            EmbeddedWorker worker = job.start("worker-1").awaitRunning(0).awaitRunning(1);
            job.send(RECORDS, 5);
            job.awaitCommitted();
            return worker;
        }
    }

    @BeforeAll
    void getIntoSituations() {
        for (Situation situation : Situation.values()) {
            Path own = directory.resolve(situation.name());
            arranged.put(situation, situation.arrange(new TestJob(Brokers.shared(), own, 2), own));
        }
    }

    @AfterAll
    void end() {
        arranged.values().parallelStream().forEach(EmbeddedWorker::close);
    }

    @ParameterizedTest
    @EnumSource
    void shouldJudgeEachSituation(Situation situation) {
        // Given
        EmbeddedWorker worker = arranged.get(situation);

        // When
        await(situation + ", " + worker.status().judgement())
                .atMost(LIMIT)
                .until(() -> worker.status().judgement().state() == situation.state
                        && (situation.finding == null
                                || worker.status().judgement().reasons().stream()
                                        .anyMatch(reason -> reason.finding() == situation.finding)));

        // Then
        Judgement judgement = worker.status().judgement();
        assertThat(judgement.isReady()).as(judgement.text()).isEqualTo(situation.ready);
        assertThat(judgement.isLive()).as(judgement.text()).isTrue();
    }

    @Test
    void shouldKnowTheLagOfAWorkerThatIsWell() {
        EmbeddedWorker worker = arranged.get(Situation.WELL);
        await("lag 0").atMost(LIMIT).until(() -> worker.status().lag().orElse(-1) == 0);
        assertThat(worker.status().judgement().unknown()).doesNotContain(Judgement.LAG);
    }

    @ParameterizedTest
    @Tag("rule-S9")
    @EnumSource(names = {"ONE_PARKED", "ALL_PARKED", "RESTORING", "PAUSED", "LOOP_STALLED"})
    void shouldNotKnowTheLag(Situation situation) {
        // Given
        EmbeddedWorker worker = arranged.get(situation);

        // When
        await(situation + ": lag unknown")
                .atMost(LIMIT)
                .until(() -> worker.status().judgement().unknown().contains(Judgement.LAG));

        // Then
        WorkerStatus status = worker.status();
        assertThat(status.lag()).isEmpty();
        assertThat(status.partitions())
                .filteredOn(partition -> partition.state() != PartitionState.RUNNING)
                .allSatisfy(partition -> assertThat(partition.lag()).isEmpty());
    }

    @Test
    void shouldSayWhyTheStoreFailsBeforeTheCheckpointDoes() {
        // Given
        EmbeddedWorker worker = arranged.get(Situation.STORE_GONE);

        // When: a request that was under way may have been answered by the store that was just closing
        await("the store fails to answer").atMost(LIMIT).until(() -> worker.status().store().failing().stream()
                .anyMatch(failing -> failing.message().toLowerCase(Locale.ROOT).contains("connect")));

        // Then
        assertThat(worker.status().failedCheckpoints()).isZero();
    }

    private static Path created(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void damage(Path checkpoints) {
        try (Stream<Path> files = Files.walk(checkpoints)) {
            for (Path metadata :
                    files.filter(file -> file.endsWith("_metadata")).toList()) {
                Files.delete(metadata);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A store that refuses this kind of calls. */
    private static ObjectStore refusing(ObjectStore objects, String method) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)
                            && arguments[0].toString().contains("partition-")) {
                        throw new StorageException("the test refuses " + called.getName());
                    }
                    try {
                        return called.invoke(objects, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
