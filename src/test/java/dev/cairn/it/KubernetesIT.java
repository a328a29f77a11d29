package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.kubernetes.Manifests;
import dev.cairn.kubernetes.Overlay;
import dev.cairn.kubernetes.Pods;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** The packaged worker and its commands, run as the manifests say: their environment, their arguments, their probes. */
class KubernetesIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String VOLUMES = "/var/lib/cairn";

    private final TestBroker broker = Brokers.shared();
    private final Manifests manifests = Overlay.DEV.rendered();

    @TempDir
    Path directory;

    @Test
    void shouldWorkAsTheManifestsSay() throws IOException, InterruptedException {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "kubernetes").send(200);
        Pods workers =
                manifests.pods().stream().filter(Pods::areWorkers).findFirst().orElseThrow();

        // When
        try (WorkerProcess worker = WorkerProcess.packaged()
                .name("cairn-0")
                .set(environment(workers, job))
                .start()) {

            // Then
            Container container = workers.container();
            Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())
                    .forEach(probe -> awaitPassed(probe, worker));
            job.awaitCaughtUp();
            job.verifyExactlyOnce();
            for (Pods command : manifests.pods()) {
                if (!command.areWorkers()) {
                    shouldEndWell(command, job);
                }
            }
            assertThat(directory.resolve("store/savepoints")).isDirectoryContaining("glob:**/savepoint-kubernetes-*");
            worker.terminate(Duration.ofSeconds(workers.gracePeriodSeconds()));
            worker.awaitOutput("job kubernetes: stopped", LIMIT);
        }
    }

    private static void awaitPassed(Probe probe, WorkerProcess worker) {
        String path = probe.getHttpGet().getPath();
        String prefix = "/q/health/";
        assertThat(path).startsWith(prefix);
        await(path + " is passed").atMost(LIMIT).until(() -> worker.health(path.substring(prefix.length()))
                .isUp());
    }

    private void shouldEndWell(Pods command, SmallJob job) throws IOException, InterruptedException {
        Cairn.Result result = Cairn.in(
                Files.createDirectories(directory.resolve("commands")),
                environment(command, job),
                command.container().getArgs().toArray(String[]::new));
        assertThat(result.exitCode()).as("%s: %s", command, result.err()).isZero();
    }

    /** What the pod would find, with the broker, the topics and the volumes of this test. */
    private Map<String, String> environment(Pods pods, SmallJob job) {
        Map<String, String> environment = new TreeMap<>(pods.environment(manifests));
        environment.replaceAll((name, value) -> value.replace(VOLUMES, directory.toString()));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        environment.put("CAIRN_JOB", job.name());
        environment.put("CAIRN_INPUT_TOPICS", job.input());
        environment.put("CAIRN_OUTPUT_TOPIC", job.output());
        environment.put("EXECUTION_CHECKPOINTING_INTERVAL", "200ms");
        return environment;
    }
}
