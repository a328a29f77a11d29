package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a job's status says of a worker that runs, and of input that no one has read. */
class JobStatusIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldShowMembersAndLag() throws Exception {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "job-status").send(200);
        Map<String, String> settings = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "STATE_CHECKPOINTS_DIR",
                directory.resolve("checkpoints").toString(),
                "CAIRN_JOB",
                job.name());
        JsonNode running;
        try (WorkerProcess worker =
                job.worker().set("kafka.session.timeout.ms", "6000").start()) {
            job.awaitCaughtUp();

            // When
            Cairn.Result result = Cairn.in(directory, settings, "job", "status", "--output", "json");
            assertThat(result.err()).isEmpty();
            running = result.json();
            worker.terminate(LIMIT);
        }
        job.sendTo(1, 10);
        JsonNode stopped = Cairn.in(directory, settings, "job", "status", "--output", "json")
                .json();
        Cairn.Result text = Cairn.in(directory, settings, "job", "status");
        await("its session has ended").atMost(LIMIT).until(() -> Answers.of(broker.admin()
                        .describeConsumerGroups(List.of(job.name()))
                        .describedGroups()
                        .get(job.name()))
                .members()
                .isEmpty());
        JsonNode left = Cairn.in(directory, settings, "job", "status", "--output", "json")
                .json();

        // Then
        assertThat(running.at("/state").asText()).isEqualTo("RUNNING");
        assertThat(left.at("/state").asText()).isEqualTo("STOPPED");
        assertThat(left.at("/reasons/0/text").asText()).contains("its group has no member");
        assertThat(running.at("/groupAsked").asBoolean()).isTrue();
        assertThat(running.at("/members").asInt()).isEqualTo(1);
        assertThat(running.at("/partitions").findValuesAsText("committed")).containsExactly("GROUP", "GROUP");
        assertThat(running.at("/partitions").findValuesAsText("lag")).containsExactly("0", "0");
        assertThat(running.at("/partitions/0/checkpoint/ageSeconds").asLong()).isLessThan(LIMIT.toSeconds());
        assertThat(stopped.at("/partitions").findValuesAsText("lag")).containsExactly("0", "10");
        assertThat(stopped.at("/partitions/1/inputs/0/logEnd").asLong())
                .isEqualTo(stopped.at("/partitions/1/inputs/0/position").asLong() + 10);
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out())
                .containsPattern("(?m)^1 +chk-\\d+ .* yes, by the group .* job-status-in +\\d+ +\\d+ +10$");
    }
}
