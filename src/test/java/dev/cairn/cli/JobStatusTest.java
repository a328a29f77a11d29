package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.store.StoredJob;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.store.S3Server;

class JobStatusTest {

    @TempDir
    Path directory;

    private StoredJob job;

    @BeforeEach
    void store() {
        job = StoredJob.create(directory.resolve("checkpoints"));
    }

    @Test
    void shouldShowWhatThePartitionsGoOnFrom() {
        // When
        Typed status = status();

        // Then
        assertThat(status.err()).isEmpty();
        assertThat(status.exitCode()).isZero();
        assertThat(status.out())
                .startsWith("job    orders\nstate  unknown\n\n")
                .containsPattern(
                        "(?m)^3 +chk-7 +\\d+d \\d+h +yes, marked +2 +[\\d.]+ KiB +clicks +1234567890123 +unknown +unknown$")
                .containsPattern("(?m)^ +views +0 +unknown +unknown$")
                .endsWith("kafka.bootstrap.servers is not set: lag, members and what the group names are not known\n");
    }

    @Test
    void shouldShowItAsJson() {
        // When
        JsonNode status = status("-o", "json").json();

        // Then
        assertThat(status.at("/job").asText()).isEqualTo("orders");
        assertThat(status.at("/groupAsked").asBoolean(true)).isFalse();
        assertThat(status.has("members")).isFalse();
        assertThat(status.has("state")).isFalse();
        assertThat(status.at("/unknown").toString()).contains("lag", "partitions without an owner");
        assertThat(status.has("ended")).isFalse();
        assertThat(status.at("/partitions/0/partition").asInt()).isEqualTo(3);
        assertThat(status.at("/partitions/0/checkpoint/uid").asText()).isEqualTo("uid-7");
        assertThat(status.at("/partitions/0/checkpoint/committed").asText()).isEqualTo("MARKED");
        assertThat(status.at("/partitions/0/checkpoint/ageSeconds").asLong()).isPositive();
        assertThat(status.at("/partitions/0/checkpoints").asInt()).isEqualTo(2);
        assertThat(status.at("/partitions/0/bytes").asLong()).isEqualTo(storedBytes());
        assertThat(status.at("/partitions/0/inputs").findValuesAsText("topic")).containsExactly("clicks", "views");
        assertThat(status.at("/partitions/0/inputs/0").has("lag")).isFalse();
    }

    @Test
    void shouldLookIntoBuckets() {
        // Given
        try (S3Server server = S3Server.start(directory)) {
            server.settings().forEach(System::setProperty);

            // When
            Typed status = Typed.command("job", "status", "--dir", "s3://checkpoints", "--job", "orders");

            // Then
            assertThat(status.err()).isEmpty();
            assertThat(status.out()).isEqualTo(status().out());
        } finally {
            System.getProperties().keySet().removeIf(name -> name.toString().startsWith("quarkus.s3."));
        }
    }

    @Test
    void shouldSayHowAJobWasEnded() {
        // Given
        end("orders", new JobEnd(JobEnd.Kind.STOPPED, Instant.parse("2026-02-03T04:05:06Z"), "file:/save/one"));
        end("gone", new JobEnd(JobEnd.Kind.CANCELLED, Instant.parse("2026-02-03T04:05:06Z"), null));

        // When
        Typed stopped = status();
        Typed gone = Typed.command(
                "job", "status", "--dir", job.checkpoints().toString(), "--job", "gone", "--output", "json");

        // Then
        assertThat(stopped.out())
                .containsPattern("ended +stopped at 2026-02-03T04:05:06Z, with the savepoint file:/save/one");
        assertThat(gone.err()).isEmpty();
        assertThat(gone.json().at("/ended/kind").asText()).isEqualTo("CANCELLED");
        assertThat(gone.json().at("/partitions").size()).isZero();
    }

    @Test
    void shouldFailWhereThePartitionCannotGoOn() throws IOException {
        // Given
        Path newest = job.partition().resolve("chk-7/_metadata");
        Files.writeString(newest, "{}");

        // When
        Typed status = status();

        // Then
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.out())
                .containsPattern("(?m)^3 +- +- +- +2 ")
                .containsPattern("(?m)^state +parked$")
                .containsPattern("(?m)^because +partition 3 cannot continue: .*chk-7/_metadata");
        assertThat(status.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: partition 3: ")
                .contains("chk-7/_metadata", "Restore the object");
    }

    @Test
    void shouldSayInOneLineWhatIsWrong() {
        assertThat(Typed.command("job", "status", "--dir", job.checkpoints().toString(), "--job", "order")
                        .err())
                .startsWith("error: job order has no checkpoints in");
        assertThat(Typed.command("job", "status", "--dir", job.checkpoints().toString(), "--job", "../x")
                        .err())
                .startsWith("error: --job: ");
        assertThat(Typed.command("job", "status", "--help").out()).startsWith("Usage: cairn job status");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT59.9S, 59s", "PT3M7S, 3m 7s", "PT2H5M59S, 2h 5m", "P3DT4H59M, 3d 4h"})
    void shouldRoundAges(Duration age, String text) {
        assertThat(Texts.age(age)).isEqualTo(text);
    }

    private Typed status(String... more) {
        String[] command = {"job", "status", "--dir", job.checkpoints().toString(), "--job", "orders"};
        return Typed.command(
                Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new));
    }

    private void end(String name, JobEnd end) {
        try (ObjectStore objects = ObjectStores.open(job.checkpoints().toString())) {
            end.write(objects, name);
        }
    }

    private long storedBytes() {
        try (ObjectStore objects = ObjectStores.open(job.checkpoints().toString())) {
            return objects.list("orders").stream()
                    .mapToLong(object -> object.size())
                    .sum();
        }
    }
}
