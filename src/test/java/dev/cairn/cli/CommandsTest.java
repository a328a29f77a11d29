package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.store.StoredJob;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.store.S3Server;

class CommandsTest {

    private static final String JOB_LINE = "orders +1 +2 +2026-01-02T03:04:05Z";

    @TempDir
    Path directory;

    private StoredJob job;

    @BeforeEach
    void store() {
        job = StoredJob.create(directory.resolve("checkpoints"));
    }

    @Test
    void shouldListCheckpointsNewestFirst() {
        // When
        Typed list = Typed.command("checkpoints", "list", "--dir", dir(), "--job", "orders");

        // Then
        assertThat(list.exitCode()).isZero();
        assertThat(list.err()).isEmpty();
        assertThat(list.out().lines())
                .hasSize(3)
                .element(1)
                .asString()
                .matches("3 +chk-7 +2026-01-02T03:04:05Z +\\d+ B +[\\d.]+ (Ki)?B +yes, marked +total"
                        + " +clicks=1234567890123 views=0");
        assertThat(list.out().lines().toList().get(2)).contains("chk-6", "yes, parent");
    }

    @Test
    void shouldLookIntoBuckets() {
        // Given
        try (S3Server server = S3Server.start(directory)) {
            server.settings().forEach(System::setProperty);

            // When
            Typed jobs = Typed.command("job", "list", "--dir", "s3://checkpoints");
            Typed list = Typed.command("checkpoints", "list", "--dir", "s3://checkpoints", "--job", "orders");
            Typed verify = Typed.command("checkpoints", "verify", "s3://checkpoints/orders/partition-3/chk-7");

            // Then
            assertThat(jobs.err()).isEmpty();
            assertThat(jobs.out().lines()).hasSize(2).element(1).asString().matches(JOB_LINE);
            assertThat(list.err()).isEmpty();
            assertThat(list.out()).contains("chk-7", "chk-6");
            assertThat(verify.err()).isEmpty();
            assertThat(verify.exitCode()).isZero();
        } finally {
            System.getProperties().keySet().removeIf(name -> name.toString().startsWith("quarkus.s3."));
        }
    }

    @Test
    void shouldListCheckpointsAsJson() throws IOException {
        // When
        JsonNode list = Typed.command("checkpoints", "list", "--dir", dir(), "--job", "orders", "-o", "json")
                .json();

        // Then
        assertThat(list.findValuesAsText("number")).containsExactly("7", "6");
        assertThat(list.findValuesAsText("committed")).containsExactly("MARKED", "PARENT");
        assertThat(list.at("/0/createdAt").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(list.at("/0/positions/0/offset").asLong()).isEqualTo(1_234_567_890_123L);
        assertThat(list.at("/1/deltaBytes").asLong())
                .isEqualTo(Files.size(job.partition().resolve(StoredJob.DELTA)));
    }

    @Test
    void shouldListDamagedCheckpointAndFail() throws IOException {
        // Given
        flip(job.partition().resolve("chk-7/_metadata"));

        // When
        Typed list = Typed.command("checkpoints", "list", "--dir", dir(), "--job", "orders");

        // Then
        assertThat(list.exitCode()).isEqualTo(1);
        assertThat(list.out()).containsPattern("chk-7 +damaged").contains("chk-6");
        assertThat(list.err().lines())
                .singleElement()
                .asString()
                .contains("chk-7/_metadata", "CRC32C", "Restore the object", "cairn.recovery.on-damage=use-older");
    }

    @Test
    void shouldListJobs() {
        // When
        Typed list = Typed.command("job", "list", "--dir", "file:" + dir());
        JsonNode json =
                Typed.command("job", "list", "--dir", dir(), "--output", "json").json();

        // Then
        assertThat(list.exitCode()).isZero();
        assertThat(list.out().lines().toList().get(1)).matches(JOB_LINE);
        assertThat(json.toString())
                .isEqualTo("[{\"job\":\"orders\",\"partitions\":1,\"checkpoints\":2,"
                        + "\"newest\":\"2026-01-02T03:04:05.678Z\"}]");
    }

    @Test
    void shouldListNothingButJobs() throws IOException {
        // Given
        Files.createDirectory(job.checkpoints().resolve("empty"));
        try (ObjectStore objects = ObjectStores.open(dir())) {
            objects.put("savepoint/_metadata", new byte[] {1});
            objects.put("savepoint/partition-0/_metadata", new byte[] {1});
            objects.put("notes/partition-one/file", new byte[] {1});
        }

        // When
        Typed list = Typed.command("job", "list", "--dir", dir());

        // Then
        assertThat(list.err()).isEmpty();
        assertThat(list.out().lines()).hasSize(2).element(1).asString().startsWith("orders ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chk-7", "chk-7/", "chk-7/_metadata"})
    void shouldInspectEverythingInACheckpoint(String path) {
        // When
        Typed inspect = Typed.command("checkpoints", "inspect", job.partition() + "/" + path);

        // Then
        assertThat(inspect.exitCode()).isZero();
        assertThat(inspect.out())
                .contains("uid-7", "orders", "chk-6 uid-6", "worker-1, Cairn 0.1", "cairn/orders/worker-1-0/a")
                .contains("clicks", "1234567890123", "views", "total", "json(x)")
                .contains("freeze 1 ms, write 22 ms, upload 333 ms", "2 checkpoints to uid-6", "in _metadata")
                .contains(StoredJob.DELTA, StoredJob.BASE_DESCRIPTION, "yes, marked");
    }

    @Test
    void shouldInspectAsJson() {
        // When
        JsonNode view = Typed.command("checkpoints", "inspect", job.partition() + "/chk-7", "-o", "json")
                .json();

        // Then
        assertThat(view.at("/uid").asText()).isEqualTo("uid-7");
        assertThat(view.at("/base/description/path").asText()).isEqualTo(StoredJob.BASE_DESCRIPTION);
        assertThat(view.at("/deltas/0/object/path").asText()).isEqualTo(StoredJob.DELTA);
        assertThat(view.at("/deltas/1/inlineBytes").asLong()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "partition-3", "partition-3/chk-7", "partition-3/chk-7/_metadata"})
    void shouldVerifyWhatIsWhole(String path) {
        // When
        Typed verify = Typed.command(
                "checkpoints", "verify", job.directory().resolve(path).toString());

        // Then
        assertThat(verify.exitCode()).isZero();
        assertThat(verify.out()).contains("whole").doesNotContain("bad");
        assertThat(verify.err()).isEmpty();
    }

    @Test
    void shouldNameWhatIsBadAndTheWayOut() throws IOException {
        // Given
        flip(job.partition().resolve(StoredJob.DELTA));

        // When
        Typed verify = Typed.command("checkpoints", "verify", job.directory().toString());
        JsonNode json = Typed.command("checkpoints", "verify", job.directory().toString(), "-o", "json")
                .json();

        // Then
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.out())
                .containsPattern("chk-7 +4 +.* 1 bad")
                .containsPattern("partition 3 chk-6: file:/.*" + StoredJob.DELTA
                        + " is not what was written: .* CRC32C .* Restore the object");
        assertThat(json.findValuesAsText("whole")).containsExactly("false", "false");
        assertThat(json.at("/0/bad/0/object").asText()).endsWith(StoredJob.DELTA);
    }

    @Test
    void shouldNameOrphansAndDeleteNothingInADryRun() throws IOException {
        // Given
        Path orphan = orphan("shared/delta-9.sst");

        // When
        Typed gc = Typed.command(
                "checkpoints", "gc", "--dir", dir(), "--job", "orders", "--dry-run", "--older-than", "0s");

        // Then
        assertThat(gc.exitCode()).isZero();
        assertThat(gc.err()).isEmpty();
        assertThat(gc.out())
                .containsPattern("3 +referenced +6 +")
                .containsPattern("3 +in flight +0 +0 B")
                .containsPattern("3 +orphan +1 +6 B")
                .containsPattern(
                        "would be deleted file:.*/orders/partition-3/shared/delta-9.sst: no checkpoint needs it")
                .contains("kafka.bootstrap.servers is not set");
        assertThat(orphan).exists();
    }

    @Test
    void shouldDeleteOrphansThatAreOldEnough() throws IOException {
        // Given
        Path orphan = orphan("shared/delta-9.sst");
        String[] gc = {"checkpoints", "gc", "--dir", dir(), "--job", "orders", "-o", "json"};

        // When
        JsonNode young = Typed.command(gc).json();
        Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        JsonNode old = Typed.command(gc).json();

        // Then
        assertThat(young.findValuesAsText("class"))
                .contains("IN_FLIGHT", "REFERENCED")
                .doesNotContain("ORPHAN");
        assertThat(old.findValuesAsText("class")).contains("ORPHAN").hasSize(7);
        assertThat(old.at("/groupAsked").asBoolean()).isFalse();
        assertThat(old.get("objects"))
                .filteredOn(object -> object.get("deleted").asBoolean())
                .singleElement()
                .satisfies(object -> assertThat(object.get("object").asText()).endsWith("shared/delta-9.sst"));
        assertThat(orphan).doesNotExist();
        assertThat(Typed.command("checkpoints", "verify", job.directory().toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void shouldLeavePartitionAloneThatCannotBeRead() throws IOException {
        // Given
        Path orphan = orphan("shared/delta-9.sst");
        flip(job.partition().resolve("chk-7/_metadata"));

        // When
        Typed gc = Typed.command("checkpoints", "gc", "--dir", dir(), "--job", "orders", "--older-than", "0s");

        // Then
        assertThat(gc.exitCode()).isEqualTo(1);
        assertThat(gc.out()).containsPattern("3 +orphan +0 ");
        assertThat(gc.err().lines())
                .singleElement()
                .asString()
                .contains("error: partition 3", "chk-7/_metadata", "is left untouched", "Restore the object");
        assertThat(orphan).exists();
    }

    @Test
    void shouldCollectGarbageInBuckets() throws IOException {
        // Given
        Path orphan = orphan("shared/delta-9.sst");
        try (S3Server server = S3Server.start(directory)) {
            server.settings().forEach(System::setProperty);

            // When
            Typed gc = Typed.command(
                    "checkpoints", "gc", "--dir", "s3://checkpoints", "--job", "orders", "--older-than", "0s");
            Typed delete = Typed.command("checkpoints", "delete", "s3://checkpoints/orders/partition-3/chk-6");

            // Then
            assertThat(gc.err()).isEmpty();
            assertThat(gc.out()).contains("deleted s3://checkpoints/orders/partition-3/shared/delta-9.sst");
            assertThat(orphan).doesNotExist();
            assertThat(delete.err()).isEmpty();
            assertThat(delete.out())
                    .containsPattern("^deleted s3://checkpoints/orders/partition-3/chk-6/_metadata\\s*$");
        } finally {
            System.getProperties().keySet().removeIf(name -> name.toString().startsWith("quarkus.s3."));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chk-6", "chk-6/_metadata"})
    void shouldDeleteOneCheckpoint(String path) {
        // When
        Typed delete = Typed.command("checkpoints", "delete", job.partition() + "/" + path);

        // Then
        assertThat(delete.err()).isEmpty();
        assertThat(delete.exitCode()).isZero();
        assertThat(delete.out().lines())
                .singleElement()
                .asString()
                .startsWith("deleted file:")
                .endsWith("/chk-6/_metadata");
        assertThat(Typed.command("checkpoints", "verify", job.directory().toString())
                        .out())
                .containsPattern("chk-7 .* whole")
                .doesNotContain("chk-6");
    }

    @Test
    void shouldDeleteWhatIsNeededOnlyByForce() {
        // Given
        String newest = job.partition() + "/chk-7";
        String partition = job.partition().toString();
        String all = job.directory().toString();

        // When, Then
        assertOneError(
                Typed.command("checkpoints", "delete", newest),
                1,
                "chk-7 is not deleted: it is the newest that is known to be committed. Give --force");
        assertOneError(Typed.command("checkpoints", "delete", partition), 1, "all checkpoints of partition 3 of job");
        assertOneError(Typed.command("checkpoints", "delete", all), 1, "all checkpoints of job orders. Give --force");
        assertOneError(Typed.command("checkpoints", "delete", newest + "7", "--force"), 1, "there is no ");
        assertThat(job.partition().resolve("chk-7/_metadata")).exists();
        assertThat(Typed.command("checkpoints", "delete", newest, "--force").out())
                .contains("chk-7/_metadata", "chk-7/_committed")
                .doesNotContain(StoredJob.DELTA);
        assertThat(Typed.command("checkpoints", "delete", all, "--force").out())
                .contains("chk-6/_metadata", StoredJob.DELTA, StoredJob.BASE_FILE, StoredJob.BASE_DESCRIPTION);
        assertThat(job.directory()).doesNotExist();
    }

    @Test
    void shouldNotGoByTheStoreAloneWhereKafkaIsAway() throws IOException {
        // Given
        orphan("shared/delta-9.sst");
        System.setProperty("kafka.bootstrap.servers", "localhost:1");
        System.setProperty("kafka.default.api.timeout.ms", "500");
        System.setProperty("kafka.request.timeout.ms", "400");
        try {
            // When
            Typed gc = Typed.command("checkpoints", "gc", "--dir", dir(), "--job", "orders", "--older-than", "0s");

            // Then
            assertOneError(gc, 1, "cannot ask Kafka about group orders");
            assertThat(job.partition().resolve("shared/delta-9.sst")).exists();
        } finally {
            System.getProperties().keySet().removeIf(name -> name.toString().startsWith("kafka."));
        }
    }

    @Test
    void shouldNotCreateDirectoryThatIsNotThere() {
        // Given
        Path typo = directory.resolve("chekpoints");

        // When
        Typed list = Typed.command("checkpoints", "list", "--dir", typo.toString(), "--job", "orders");
        Typed verify = Typed.command("checkpoints", "verify", typo + "/orders/partition-3/chk-7");
        Typed above = Typed.command("checkpoints", "verify", job.checkpoints().toString());

        // Then
        assertOneError(list, 1, "there is no directory " + typo);
        assertOneError(verify, 1, "there is no " + typo);
        assertOneError(above, 1, "job checkpoints has no checkpoints in");
        assertThat(typo).doesNotExist();
        assertThat(directory.resolve(".tmp")).doesNotExist();
    }

    @Test
    void shouldLookAtWhatCannotBeWritten() throws IOException {
        // Given
        Files.delete(job.checkpoints().resolve(".tmp"));
        List<Path> before = tree();
        Set<PosixFilePermission> writable = Files.getPosixFilePermissions(job.checkpoints());
        Files.setPosixFilePermissions(job.checkpoints(), PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            // When
            Typed jobs = Typed.command("job", "list", "--dir", dir());
            Typed list = Typed.command("checkpoints", "list", "--dir", dir(), "--job", "orders");
            Typed verify =
                    Typed.command("checkpoints", "verify", job.directory().toString());

            // Then
            assertThat(List.of(jobs, list, verify)).allMatch(command -> command.exitCode() == 0);
            // Who may write everywhere has left no trace.
            assertThat(tree()).isEqualTo(before);
        } finally {
            Files.setPosixFilePermissions(job.checkpoints(), writable);
        }
    }

    private List<Path> tree() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted().toList();
        }
    }

    @Test
    void shouldSayInOneLineWhatIsWrong() {
        assertOneError(
                Typed.command("checkpoints", "list", "--dir", dir(), "--job", "order"),
                1,
                "job order has no checkpoints in");
        assertOneError(
                Typed.command("checkpoints", "list", "--dir", dir(), "--job", "../x"),
                1,
                "not usable as the name of a directory");
        assertOneError(
                Typed.command("checkpoints", "list", "--dir", dir(), "--job", ""),
                1,
                "not usable as the name of a directory");
        assertOneError(
                Typed.command("checkpoints", "list", "--dir", "ftp://host/x", "--job", "orders"), 1, "ftp://host/x");
        assertOneError(Typed.command("checkpoints", "inspect", job.partition().toString()), 1, "is not one checkpoint");
    }

    @Test
    void shouldRefuseBadUsage() {
        assertOneError(Typed.command("checkpoint"), 2, "'checkpoint'");
        assertOneError(Typed.command("checkpoints"), 2, "Missing required subcommand");
        assertOneError(Typed.command("checkpoints", "verify"), 2, "<path>");
        assertOneError(Typed.command("checkpoints", "list", "-o", "xml"), 2, "xml");
        assertOneError(Typed.command("checkpoints", "gc", "--older-than", "soon"), 2, "'soon' is not a duration");
        assertOneError(Typed.command("run", "fast"), 2, "fast");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "checkpoints",
                "checkpoints list",
                "checkpoints inspect",
                "checkpoints verify",
                "checkpoints gc",
                "checkpoints delete",
                "job",
                "job list"
            })
    void shouldHelp(String command) {
        // When
        Typed help = Typed.command((command + " --help").strip().split(" "));

        // Then
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith(("Usage: cairn " + command).strip());
        assertThat(help.err()).isEmpty();
    }

    private String dir() {
        return job.checkpoints().toString();
    }

    private Path orphan(String path) throws IOException {
        return Files.writeString(job.partition().resolve(path), "a file");
    }

    private static void assertOneError(Typed typed, int exitCode, String message) {
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(exitCode);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(message);
    }

    private static void flip(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 0x01;
        Files.write(file, content);
    }
}
