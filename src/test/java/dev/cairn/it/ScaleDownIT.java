package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.container.KubernetesServer;
import dev.cairn.testkit.worker.WorkerProcess;

/** Kubernetes ends a pod that is scaled away as one that is restarted: by SIGTERM. */
class ScaleDownIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Far beyond what any test waits, so that nothing happens because of it. */
    private static final String SESSION_MILLIS =
            Long.toString(Duration.ofMinutes(10).toMillis());

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    private KubernetesServer kubernetes;

    @BeforeEach
    void startKubernetes() throws Exception {
        kubernetes = KubernetesServer.start(directory, 2);
    }

    @AfterEach
    void stopKubernetes() {
        kubernetes.close();
    }

    @Test
    void shouldHandPartitionsOverAtOnceWhenScaledAway() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "scaled-down").send(200);
        try (WorkerProcess stays = pod(job, 0).start();
                WorkerProcess goes = pod(job, 1).start()) {
            awaitPartitions(stays, 1);
            awaitPartitions(goes, 1);

            // When
            kubernetes.scale(1);
            goes.terminate(LIMIT);

            // Then
            assertThat(goes.output()).anyMatch(line -> line.contains("this worker is not expected back"));
            awaitPartitions(stays, 2);
            assertThat(members(job)).isEqualTo(1);
            job.send(100).awaitCaughtUp();
            stays.terminate(LIMIT);
            assertThat(members(job)).as("a restart keeps its place").isEqualTo(1);
            Errors.none(goes);
            Errors.none(stays);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldKeepItsPlaceAndSayWhyWhenKubernetesDoesNotAnswer() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "scaled-blindly").send(200);
        try (WorkerProcess worker = pod(job, 0).start()) {
            job.awaitCaughtUp();

            // When
            kubernetes.scale(0);
            kubernetes.forbid();
            worker.terminate(LIMIT);

            // Then
            assertThat(worker.output())
                    .anyMatch(line -> line.contains("StatefulSet cairn is being scaled down")
                            && line.contains("answers 403")
                            && line.contains("the right to get statefulsets"));
            assertThat(members(job)).isEqualTo(1);
        }
        job.verifyExactlyOnce();
    }

    private WorkerProcess.Builder pod(SmallJob job, int ordinal) {
        return job.worker()
                .set(kubernetes.pod(ordinal))
                .set("cairn.instance", "cairn-" + ordinal)
                .set("kafka.session.timeout.ms", SESSION_MILLIS)
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("disk-" + ordinal).toString());
    }

    private static void awaitPartitions(WorkerProcess worker, int count) {
        await("it runs " + count + " partitions").atMost(LIMIT).until(() -> {
            // It is said when it changes.
            List<String> lines = worker.output().stream()
                    .filter(line -> line.contains(" partitions run"))
                    .toList();
            return !lines.isEmpty() && lines.get(lines.size() - 1).contains(count + " of " + count + " partitions run");
        });
    }

    private int members(SmallJob job) throws Exception {
        return broker.admin()
                .describeConsumerGroups(List.of(job.name()))
                .describedGroups()
                .get(job.name())
                .get()
                .members()
                .size();
    }
}
