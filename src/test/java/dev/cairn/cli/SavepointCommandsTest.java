package dev.cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.store.StoredEntries;

class SavepointCommandsTest {

    private static final int KEYS = 50;

    @TempDir
    Path directory;

    @BeforeEach
    void store() {
        entries("orders").store();
    }

    @Test
    void shouldCopyAllStateIntoADirectoryOfItsOwn() {
        // When
        JsonNode created = create("orders");

        // Then
        assertThat(created.get("entries").asInt()).isEqualTo(2 * KEYS);
        assertThat(created.get("partitions").asInt()).isEqualTo(2);
        assertThat(created.has("drained")).isFalse();
        assertThat(exported(created.get("path").asText()))
                .isEqualTo(exported(directory.resolve("checkpoints/orders").toString()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void shouldPutEveryKeyWhereItsRecordsGo(int partitions) {
        // Given
        String savepoint = create("orders").get("path").asText();

        // When
        Typed rescale = Typed.command(
                "savepoint",
                "rescale",
                savepoint,
                "--partitions",
                Integer.toString(partitions),
                "--allow-undrained",
                "--output",
                "json");

        // Then
        assertThat(rescale.exitCode()).as(rescale.err()).isZero();
        List<String> lines = exported(rescale.json().get("path").asText());
        assertThat(lines).hasSize(2 * KEYS).allSatisfy(line -> {
            JsonNode entry = Typed.json(line);
            byte[] key = entry.get("key").asText().getBytes(UTF_8);
            assertThat(entry.get("partition").asInt()).isEqualTo(partitionOf(key, partitions));
        });
        assertThat(lines.stream().map(SavepointCommandsTest::withoutPartition).sorted())
                .containsExactlyElementsOf(exported(savepoint).stream()
                        .map(SavepointCommandsTest::withoutPartition)
                        .sorted()
                        .toList());
    }

    @Test
    void shouldRefuseToRescaleWhatMayNotBeDrained() {
        // Given
        String savepoint = create("orders").get("path").asText();

        // When
        Typed rescale = Typed.command("savepoint", "rescale", savepoint, "--partitions", "3");

        // Then
        assertThat(rescale.exitCode()).isEqualTo(1);
        assertThat(rescale.err().lines()).singleElement().asString().contains("not known", "--allow-undrained");
    }

    @Test
    void shouldRefuseToRescaleIntoTheCheckpoints() throws IOException {
        // Given
        String savepoint = create("orders").get("path").asText();
        String checkpoints = directory.resolve("checkpoints").toString();
        System.setProperty("state.checkpoints.dir", checkpoints);
        try {
            for (String target : List.of(checkpoints, checkpoints + "/orders", checkpoints + "/new")) {
                // When
                Typed rescale = Typed.command(
                        "savepoint", "rescale", savepoint, "--partitions", "3", "--allow-undrained", "--to", target);

                // Then
                assertThat(rescale.exitCode()).isEqualTo(1);
                assertThat(rescale.err().lines())
                        .singleElement()
                        .asString()
                        .contains(target, "state.checkpoints.dir", "Name a directory outside of it");
            }
        } finally {
            System.clearProperty("state.checkpoints.dir");
        }
        assertThat(savepoints()).hasSize(1);
    }

    @Test
    void shouldRefuseToRescaleAKeyThatIsInTwoPartitions() throws IOException {
        // Given
        entries("twice")
                .put(0, "total", "same", "1")
                .put(1, "total", "same", "2")
                .store();
        String savepoint = create("twice").get("path").asText();

        // When
        Typed rescale = Typed.command("savepoint", "rescale", savepoint, "--partitions", "3", "--allow-undrained");

        // Then
        assertThat(rescale.exitCode()).isEqualTo(1);
        assertThat(rescale.err().lines()).singleElement().asString().contains("'total'", "partition 0", "partition 1");
        assertThat(savepoints()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clicks:0=5,clicks:1=6 | has 2 of the 3 partitions of clicks",
                "clicks:3=5 | is not <topic>:<partition>=<offset>",
                "nonsense | is not <topic>:<partition>=<offset>",
                "clicks:0=1,clicks:0=2 | twice"
            })
    void shouldRefusePositionsThatAreNotOfAllPartitions(String positions, String expected) {
        // Given
        String savepoint = create("orders").get("path").asText();

        // When
        Typed rescale = Typed.command(
                "savepoint", "rescale", savepoint, "--partitions", "3", "--allow-undrained", "--positions", positions);

        // Then
        assertThat(rescale.exitCode()).isEqualTo(1);
        assertThat(rescale.err()).contains(expected);
    }

    @Test
    void shouldLeaveNothingOfASavepointThatCannotBeMade() throws IOException {
        // Given
        Path delta = directory.resolve("checkpoints/orders/partition-1/shared/uid-1.sst");
        byte[] content = Files.readAllBytes(delta);
        content[content.length / 2] ^= 1;
        Files.write(delta, content);

        // When
        Typed create = Typed.command(createCommand("orders"));

        // Then
        assertThat(create.exitCode()).isEqualTo(1);
        assertThat(create.err().lines()).singleElement().asString().contains("uid-1.sst", "CRC32C");
        assertThat(savepoints()).isEmpty();
    }

    @Test
    void shouldDeleteASavepointAndNothingElse() throws IOException {
        // Given
        String savepoint = create("orders").get("path").asText();

        // When
        Typed dispose = Typed.command("savepoint", "dispose", savepoint);
        Typed again = Typed.command("savepoint", "dispose", savepoint);
        Typed job = Typed.command(
                "savepoint", "dispose", directory.resolve("checkpoints/orders").toString());

        // Then
        assertThat(dispose.exitCode()).as(dispose.err()).isZero();
        assertThat(savepoints()).isEmpty();
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("there is no savepoint");
        assertThat(job.exitCode()).isEqualTo(1);
        assertThat(directory.resolve("checkpoints/orders/partition-0/chk-1/_metadata"))
                .exists();
    }

    @Test
    void shouldAskForADirectoryWhereNoneIsGiven() {
        // When
        Typed create = Typed.command(
                "savepoint", "create", "--dir", directory.resolve("checkpoints").toString(), "--job", "orders");

        // Then
        assertThat(create.exitCode()).isEqualTo(1);
        assertThat(create.err()).contains("state.savepoints.dir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/orders", "/orders/partition-0/savepoints", "/other"})
    void shouldMakeNoSavepointAmongCheckpoints(String below) throws IOException {
        // Given
        String checkpoints = directory.resolve("checkpoints").toString();
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of(checkpoints));
        for (String target :
                List.of(checkpoints + below, link + below, "file:" + checkpoints + "/../checkpoints" + below)) {

            // When
            Typed create = Typed.command("savepoint", "create", target, "--dir", checkpoints, "--job", "orders");

            // Then
            assertThat(create.exitCode()).isEqualTo(1);
            assertThat(create.err().lines()).singleElement().asString().contains("state.checkpoints.dir", "outside");
        }
        assertThat(directory.resolve("checkpoints/other")).doesNotExist();
    }

    private StoredEntries entries(String job) {
        StoredEntries entries = new StoredEntries(directory.resolve("checkpoints"), job, 2)
                .state("total", StringSerializer.class.getName())
                .state("note", StringSerializer.class.getName());
        for (int i = 0; i < KEYS; i++) {
            String key = "key-" + i;
            int partition = partitionOf(key.getBytes(UTF_8), 2);
            entries.put(partition, "total", key, Integer.toString(i)).put(partition, "note", key, "note of " + key);
        }
        return entries;
    }

    private static int partitionOf(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    private String[] createCommand(String job) {
        return new String[] {
            "savepoint",
            "create",
            directory.resolve("savepoints").toString(),
            "--dir",
            directory.resolve("checkpoints").toString(),
            "--job",
            job,
            "--output",
            "json"
        };
    }

    private JsonNode create(String job) {
        Typed create = Typed.command(createCommand(job));
        assertThat(create.exitCode()).as(create.err()).isZero();
        return create.json();
    }

    private static List<String> exported(String path) {
        Typed export = Typed.command("state", "export", path);
        assertThat(export.exitCode()).as(export.err()).isZero();
        return export.out().lines().toList();
    }

    private static String withoutPartition(String line) {
        return line.replaceFirst("\"partition\":[0-9]+,", "");
    }

    private List<Path> savepoints() throws IOException {
        try (Stream<Path> found = Files.list(directory.resolve("savepoints"))) {
            return found.filter(path -> path.getFileName().toString().startsWith("savepoint-"))
                    .toList();
        }
    }
}
