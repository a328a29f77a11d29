package dev.cairn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import org.apache.kafka.common.serialization.BooleanSerializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.serialization.UUIDSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.store.StoredEntries;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.store.Savepoints;

class StateCommandsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String JSON = "json(dev.cairn.processors.Aggregate)";

    /** As Kafka's producers would send it, to partition 1 of 2. */
    private static final String IN_PARTITION_1 = "JFK";

    @TempDir
    Path directory;

    private Path job;

    @BeforeEach
    void store() {
        job = new StoredEntries(directory.resolve("checkpoints"), "orders", 2)
                .state("total", JSON)
                .state("note", StringSerializer.class.getName())
                .put(0, "total", "ATL", "{\"count\":3,\"sum\":12.50}")
                .put(0, "note", "ATL", "first, \"second\"\nthird")
                .put(1, "total", IN_PARTITION_1, "{\"count\":123456789012345678901234567890}")
                .store();
    }

    @Test
    void shouldLeaveNothingInTheTemporaryDirectory() throws Exception {
        // Given
        Path scratch = Files.createDirectory(directory.resolve("scratch"));

        // When
        Process export = cairn(scratch, "state", "export", job.toString());
        String out = new String(export.getInputStream().readAllBytes(), UTF_8);
        Process get = cairn(scratch, "state", "get", job.toString(), "note", "nowhere");

        // Then
        assertThat(out.lines()).hasSize(3);
        assertThat(ended(export)).isZero();
        assertThat(ended(get)).isEqualTo(1);
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void shouldLeaveNothingInTheTemporaryDirectoryWhenInterrupted() throws Exception {
        // Given
        Path scratch = Files.createDirectory(directory.resolve("scratch"));
        StoredEntries many = new StoredEntries(directory.resolve("checkpoints"), "many", 1).state("total", JSON);
        for (int i = 0; i < 20_000; i++) {
            many.put(0, "total", "key-" + i, "{\"count\":" + i + "}");
        }
        Path stored = many.store();

        // When: no one reads on, so that it continues no further than the pipe is long
        Process export = cairn(scratch, "state", "export", stored.toString());
        int first = export.getInputStream().read();
        assertThat(scratch).isNotEmptyDirectory();
        export.toHandle().destroy();

        // Then
        assertThat(first).isEqualTo('{');
        assertThat(ended(export)).isNotZero();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void shouldExportAJobAsLinesOfJson() {
        // When
        Typed export = Typed.command("state", "export", job.toString());

        // Then
        assertThat(export.err()).isEmpty();
        assertThat(export.exitCode()).isZero();
        assertThat(export.out()).isEqualTo("""
                        {"partition":0,"state":"total","key":"ATL","value":{"count":3,"sum":12.50}}
                        {"partition":0,"state":"note","key":"ATL","value":"first, \\"second\\"\\nthird"}
                        {"partition":1,"state":"total","key":"JFK","value":{"count":123456789012345678901234567890}}
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"partition-1", "partition-1/chk-1", "partition-1/chk-1/", "partition-1/chk-1/_metadata"})
    void shouldExportOnePartition(String path) {
        // When
        Typed export = Typed.command("state", "export", job + "/" + path);

        // Then
        assertThat(export.err()).isEmpty();
        assertThat(export.out().lines()).singleElement().asString().contains("\"partition\":1", "JFK");
    }

    @Test
    void shouldExportASavepoint() {
        // Given
        Path savepoint = directory.resolve("savepoints").resolve("savepoint-1");
        Savepoints.create(job, savepoint);

        // When
        Typed whole = Typed.command("state", "export", "file:" + savepoint);
        Typed one = Typed.command("state", "export", savepoint + "/_metadata", "--state", "note");

        // Then
        assertThat(whole.err()).isEmpty();
        assertThat(whole.out())
                .isEqualTo(Typed.command("state", "export", job.toString()).out());
        assertThat(one.out().lines()).singleElement().asString().contains("\"state\":\"note\"");
    }

    @Test
    void shouldReadFromBuckets() {
        // Given
        try (S3Server server = S3Server.start(directory)) {
            server.settings().forEach(System::setProperty);

            // When
            Typed export = Typed.command("state", "export", "s3://checkpoints/orders");
            Typed get = Typed.command("state", "get", "s3://checkpoints/orders", "total", IN_PARTITION_1);

            // Then
            assertThat(export.err()).isEmpty();
            assertThat(export.out())
                    .isEqualTo(Typed.command("state", "export", job.toString()).out());
            assertThat(get.err()).isEmpty();
            assertThat(get.out()).startsWith("{\"count\":1234");
        } finally {
            System.getProperties().keySet().removeIf(name -> name.toString().startsWith("quarkus.s3."));
        }
    }

    @Test
    void shouldExportValuesByTheirSerializers() throws IOException {
        // Given
        UUID uuid = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
        StoredEntries values = new StoredEntries(directory.resolve("checkpoints"), "values", 1);
        put(values, "boolean", new BooleanSerializer(), true);
        put(values, "bytes", new ByteArraySerializer(), new byte[] {1, 2});
        put(values, "double", new DoubleSerializer(), -0.5);
        put(values, "integer", new IntegerSerializer(), -7);
        put(values, "long", new LongSerializer(), Long.MAX_VALUE);
        put(values, "not-a-number", new DoubleSerializer(), Double.NaN);
        put(values, "text", new StringSerializer(), "Z\u00fcrich");
        put(values, "uuid", new UUIDSerializer(), uuid);

        // When
        Typed export = Typed.command("state", "export", values.store().toString());

        // Then
        assertThat(export.err()).isEmpty();
        assertThat(export.out().lines().map(line -> json(line).get("value").toString()))
                .containsExactly(
                        "true",
                        "{\"base64\":\"AQI=\"}",
                        "-0.5",
                        "-7",
                        "9223372036854775807",
                        "\"NaN\"",
                        "\"Z\u00fcrich\"",
                        "\"" + uuid + "\"");
    }

    @Test
    void shouldExportWhatCannotBeDecodedAsItIsStored() throws IOException {
        // Given
        byte[] broken = {(byte) 0xff, 0x00};
        Path odd = new StoredEntries(directory.resolve("checkpoints"), "odd", 1)
                .state("json", JSON)
                .state("long", LongSerializer.class.getName())
                .state("text", StringSerializer.class.getName())
                .put(0, "json", "a", "{\"count\":")
                .put(0, "json", "b", "1 2")
                .put(0, "json", "c", "")
                .put(0, "long", "a", "1234567")
                .put(0, "text", bytes("a"), broken)
                .put(0, "text", broken, bytes("fine"))
                .put(0, "text", "two\nlines", "fine")
                .store();

        // When
        Typed export = Typed.command("state", "export", odd.toString());

        // Then
        assertThat(export.err()).isEmpty();
        assertThat(export.exitCode()).isZero();
        List<JsonNode> lines = export.out().lines().map(StateCommandsTest::json).toList();
        assertThat(lines.subList(0, 5))
                .allSatisfy(
                        line -> assertThat(line.at("/value/base64").isTextual()).isTrue());
        assertThat(lines.get(0).at("/value/base64").binaryValue()).isEqualTo(bytes("{\"count\":"));
        assertThat(lines.get(4).at("/value/base64").binaryValue()).isEqualTo(broken);
        assertThat(lines.get(5).at("/key/base64").binaryValue()).isEqualTo(bytes("two\nlines"));
        assertThat(lines.get(6).at("/key/base64").binaryValue()).isEqualTo(broken);
        assertThat(lines).hasSize(7);
    }

    @Test
    void shouldExportTablesThatCanBeReadAgain() throws IOException {
        // Given
        String quoted = "say \"hi\", you";
        Path odd = new StoredEntries(directory.resolve("checkpoints"), "odd", 1)
                .state("note", StringSerializer.class.getName())
                .state("total", JSON)
                .put(0, "note", quoted, "one, \"two\"\r\nthree")
                .put(0, "note", "two\nlines", "")
                .put(0, "total", quoted, "{\"note\":\"a,b\"}")
                .store();

        // When
        Typed export = Typed.command("state", "export", odd.toString(), "--format", "csv");

        // Then
        assertThat(export.err()).isEmpty();
        assertThat(export.out()).startsWith("partition,state,key,value\n").endsWith("\n");
        assertThat(table(export.out()))
                .containsExactly(
                        Map.of("partition", "0", "state", "note", "key", quoted, "value", "one, \"two\"\r\nthree"),
                        Map.of("partition", "0", "state", "note", "key", base64("two\nlines"), "value", ""),
                        Map.of("partition", "0", "state", "total", "key", quoted, "value", "{\"note\":\"a,b\"}"));
    }

    @Test
    void shouldExportNothingOfAnEmptyState() {
        // Given
        Path empty = new StoredEntries(directory.resolve("checkpoints"), "empty", 1)
                .state("total", JSON)
                .store();

        // When
        Typed lines = Typed.command("state", "export", empty.toString());
        Typed table = Typed.command("state", "export", empty.toString(), "--format", "csv");

        // Then
        assertThat(lines.out()).isEmpty();
        assertThat(table.out()).isEqualTo("partition,state,key,value\n");
        assertThat(lines.err() + table.err()).isEmpty();
    }

    @Test
    void shouldExportToAFile() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("state.jsonl"), "what was there before");

        // When
        Typed export = Typed.command("state", "export", job.toString(), "--to", file.toString());

        // Then
        assertThat(export.err()).isEmpty();
        assertThat(export.out().strip()).isEqualTo("3 entries are in " + file);
        assertThat(Files.readString(file))
                .isEqualTo(Typed.command("state", "export", job.toString()).out());
        assertThat(files()).containsExactlyInAnyOrder("checkpoints", "state.jsonl");
    }

    @Test
    void shouldLeaveNoPartOfAFile() throws IOException {
        // Given
        Path file = directory.resolve("state.jsonl");
        flip(job.resolve("partition-1/shared/uid-1.sst"));

        // When
        Typed export = Typed.command("state", "export", job.toString(), "--to", file.toString());

        // Then
        assertOneError(export, 1, "uid-1.sst is not what was written", "Restore the object");
        assertThat(files()).containsExactly("checkpoints");
    }

    @Test
    void shouldNotReplaceWhatIsNoFile() {
        // When
        Typed directoryGiven = Typed.command("state", "export", job.toString(), "--to", directory.toString());
        Typed nowhere = Typed.command("state", "export", job.toString(), "--to", directory + "/none/file");

        // Then
        assertOneError(directoryGiven, 1, "is no regular file");
        assertOneError(nowhere, 1, "cannot write to " + directory + "/none/file");
    }

    @Test
    void shouldEndSilentlyWhenNobodyReads() {
        Typed typed = toOutputThatFails("Broken pipe");

        assertThat(typed.exitCode()).isEqualTo(141);
        assertThat(typed.err()).isEmpty();
    }

    @Test
    void shouldSayWhyNothingCanBePrinted() {
        Typed typed = toOutputThatFails("No space left on device");

        assertThat(typed.exitCode()).isEqualTo(1);
        assertThat(typed.err().lines())
                .singleElement()
                .asString()
                .contains("cannot write to standard output: No space left on device. Correct that");
    }

    private Typed toOutputThatFails(String why) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = CommandLines.run(
                    new StandardOutput(new OutputStream() {
                        @Override
                        public void write(int b) throws IOException {
                            throw new IOException(why);
                        }
                    }),
                    "state",
                    "export",
                    job.toString());
            return new Typed(code, "", err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void shouldGetTheValueOfAKey() {
        // When
        Typed text = Typed.command("state", "get", job.toString(), "note", "ATL");
        Typed binary = Typed.command(
                "state",
                "get",
                job.toString(),
                "total",
                "--base64",
                Base64.getEncoder().encodeToString(bytes("ATL")));
        Typed json = Typed.command("state", "get", job.toString(), "total", IN_PARTITION_1, "-o", "json");

        // Then
        assertThat(List.of(text, binary, json)).allMatch(typed -> typed.exitCode() == 0);
        assertThat(text.out()).startsWith("first, \"second\"\nthird");
        assertThat(binary.out().strip()).isEqualTo("{\"count\":3,\"sum\":12.50}");
        assertThat(json.json()).isEqualTo(json("""
                        {"partition":1,"state":"total","key":"JFK","value":{"count":123456789012345678901234567890}}
                        """));
    }

    @Test
    void shouldLookFirstWhereKafkaPutsAKey() throws IOException {
        // Given
        flip(job.resolve("partition-0/shared/uid-0.sst"));

        // When
        Typed there = Typed.command("state", "get", job.toString(), "total", IN_PARTITION_1);

        // Then
        assertThat(there.exitCode()).as(there.err()).isZero();
    }

    @Test
    void shouldNotShowTheKeyThatIsNotThere() {
        // When
        Typed get = Typed.command("state", "get", job.toString(), "note", "secret-key");

        // Then
        assertOneError(get, 1, "the state 'note' has no value for this key in ");
        assertThat(get.err()).doesNotContain("secret-key");
    }

    @Test
    void shouldSayWhatIsThereInstead() throws IOException {
        // Given
        Files.delete(job.resolve("partition-1/chk-1/_committed"));

        // When, Then
        assertOneError(
                Typed.command("state", "export", job + "/partition-0", "--state", "totals"),
                1,
                "there is no state 'totals' in ",
                "Give one of these: total, note");
        assertOneError(
                Typed.command("state", "get", job + "/partition-0", "totals", "ATL"), 1, "Give one of these: total");
        assertOneError(
                Typed.command("state", "export", job.toString()),
                1,
                "partition 1 of ",
                "has no checkpoint that is known to be committed");
        assertOneError(
                Typed.command("state", "export", job + "/partition-0/chk-9"), 1, "there is no checkpoint, job or");
        assertOneError(Typed.command("state", "export", job + "s"), 1, "there is no checkpoint, job or savepoint at");
        assertOneError(Typed.command("state", "export", "/"), 1, "names no directory in a store");
        assertOneError(
                Typed.command("state", "get", job + "/partition-0", "total", "!", "--base64"), 1, "is not in Base64");
    }

    @Test
    void shouldRefuseBadUsage() {
        assertOneError(Typed.command("state"), 2, "Missing required subcommand");
        assertOneError(Typed.command("state", "export"), 2, "<path>");
        assertOneError(Typed.command("state", "export", job.toString(), "--format", "xml"), 2, "xml");
        assertOneError(Typed.command("state", "get", job.toString(), "total"), 2, "<key>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "state export", "state get"})
    void shouldHelp(String command) {
        // When
        Typed help = Typed.command((command + " --help").split(" "));

        // Then
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("Usage: cairn " + command);
    }

    /** In a process of its own, where the temporary directory is another one. */
    private Process cairn(Path scratch, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private static int ended(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("it ends")
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** With one state for each, which is named after its value. */
    private static <T> void put(StoredEntries entries, String name, Serializer<T> serializer, T value) {
        entries.state(name, serializer.getClass().getName())
                .put(0, name, bytes("key"), serializer.serialize("topic", value));
    }

    private static List<Map<String, String>> table(String csv) throws IOException {
        return new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .<Map<String, String>>readValues(csv)
                .readAll();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    private static String base64(String text) {
        return "{\"base64\":\"" + Base64.getEncoder().encodeToString(bytes(text)) + "\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertOneError(Typed typed, int exitCode, String... messages) {
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(exitCode);
        assertThat(typed.err().lines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(Arrays.asList(messages));
    }

    private static void flip(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 0x01;
        Files.write(file, content);
    }
}
