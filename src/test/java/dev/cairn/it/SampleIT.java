package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.nativeimage.ReachabilityCheck;
import dev.cairn.settings.Version;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.trace.Access;
import dev.cairn.testkit.trace.Tracing;
import dev.cairn.testkit.worker.NativeSources;
import dev.cairn.testkit.worker.SampleApplication;
import dev.cairn.testkit.worker.WorkerProcess;

/** Cairn as a library of someone else's application, {@code src/sample/word-count}, which is built and run here. */
class SampleIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String JOB = "word-count";
    private static final String INPUT = "lines";
    private static final String OUTPUT = "words";
    private static final List<String> LINES =
            List.of("to be or not to be", "that is the question", "to sleep, to dream");

    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final Pattern CHARTS = Pattern.compile("src=\"(webjars/chart[^\"]+)\"");

    private static SampleApplication sample;

    private final TestBroker broker = Brokers.shared();
    private final Map<String, Long> expected = new TreeMap<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void build() {
        TestBroker broker = Brokers.shared();
        broker.createTopic("test-lines", 1);
        broker.createTopic("test-words", 1);
        sample = SampleApplication.build("word-count", broker.bootstrapServers());
    }

    @Test
    void shouldRunInTheTestsOfTheApplication() {
        assertThat(sample.testReport("org.example.words.WordCountTest"))
                .contains("tests=\"4\"", "errors=\"0\"", "skipped=\"0\"", "failures=\"0\"");
        assertThat(sample.testReport("org.example.words.WordCountProcessorTest"))
                .contains("tests=\"3\"", "errors=\"0\"", "skipped=\"0\"", "failures=\"0\"");
    }

    @Test
    void shouldCountWordsOnceAcrossAKill() throws Exception {
        // Given
        broker.createTopic(INPUT, 2);
        broker.createTopic(OUTPUT, 2);
        send(100);

        // When: it is killed while lines come in, and started again
        try (WorkerProcess worker = worker().start()) {
            Workers.awaitCaughtUp(broker, JOB, INPUT);
            send(400);
            worker.kill9();
        }
        send(50);
        try (WorkerProcess worker = worker().start()) {
            Workers.awaitCaughtUp(broker, JOB, INPUT);

            // Then: what comes with the worker is there, by no setting of the application's own
            HttpResponse<String> page = get(worker, "/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            Matcher charts = CHARTS.matcher(page.body());
            assertThat(charts.find()).isTrue();
            assertThat(get(worker, "/" + charts.group(1)).statusCode()).isEqualTo(200);
            assertThat(get(worker, "/job").body()).contains("\"" + JOB + "\"");
            assertThat(get(worker, "/q/metrics").body()).contains("cairn_records_total{");
            assertThat(get(worker, "/state/counts/author-1").body()).contains("\"question\"");
            JsonNode latest = new ObjectMapper()
                    .readTree(get(worker, "/state/latest/author-1?reversed=true&limit=2")
                            .body());
            assertThat(latest.path("entries").findValuesAsText("value"))
                    .hasSize(2)
                    .isSubsetOf(LINES);
            assertThat(latest.path("entries").path(0).path("entry").asLong())
                    .isEqualTo(latest.path("next").asLong() + 2);
            assertThat(worker.terminate(LIMIT)).isEqualTo(128 + 15);
        }
        assertThat(counts()).isEqualTo(sequences());
        assertThat(command("job", "list", "--dir", checkpoints())).contains(JOB);
        assertThat(SmallJob.files(Path.of(checkpoints(), JOB), "_metadata"))
                .isNotEmpty()
                .allSatisfy(metadata -> assertThat(metadata).content().contains("\"" + Version.VERSION + "\""));
    }

    @Test
    void shouldFindInItsExecutableWhateverIsReachedByName() throws Exception {
        // Given
        broker.createTopic("traced-lines", 1);
        broker.createTopic("traced-words", 1);
        List<Access> traced = Tracing.during(directory.resolve("traces"), () -> {
            try (WorkerProcess worker = worker().set("cairn.job", "traced")
                    .set("cairn.input.topics", "traced-lines")
                    .set("cairn.output.topic", "traced-words")
                    .start()) {
                Topics.send(broker, List.of(Topics.record("traced-lines", "author", LINES.get(0))));
                Workers.awaitCaughtUp(broker, "traced", "traced-lines");
                get(worker, "/");
                get(worker, "/q/metrics");
                get(worker, "/state/counts/author");
                worker.terminate(LIMIT);
            }
            command("job", "list", "--dir", checkpoints());
        });

        // When
        NativeSources sources = sample.nativeSources();

        // Then
        ReachabilityCheck.check("sample", traced, sources, sample.application());
    }

    @Test
    void shouldBringNothingOfTheTestsAlong() {
        assertThat(sample.libraries())
                .contains("dev.cairn.cairn-" + Version.VERSION + ".jar")
                .noneMatch(jar -> jar.matches(".*(kafka_2|junit|s3proxy|assertj|selenium|testcontainers|archunit).*"));
    }

    private WorkerProcess.Builder worker() {
        return sample.process()
                .name("sample")
                .set("kafka.bootstrap.servers", broker.bootstrapServers())
                .set("cairn.instance", "worker-1")
                .set("execution.checkpointing.interval", "200ms")
                .set("state.checkpoints.dir", checkpoints());
    }

    private String checkpoints() {
        return directory.resolve("checkpoints").toString();
    }

    private String command(String... arguments) throws IOException {
        try (WorkerProcess process =
                sample.process().name("sample-command").arguments(arguments).start()) {
            assertThat(process.awaitExit(LIMIT)).isZero();
            return Files.readString(process.outputFile());
        }
    }

    private void send(int lines) {
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            String author = "author-" + i % 5;
            String line = LINES.get(i % LINES.size());
            WORD.matcher(line).results().forEach(word -> expected.merge(author + "/" + word.group(), 1L, Long::sum));
            batch.add(Topics.record(INPUT, author, line));
        }
        Topics.send(broker, batch);
    }

    /** What each word of each author has counted, one after the other. */
    private Map<String, List<Long>> counts() {
        return Readers.read(
                        broker, OUTPUT, IsolationLevel.READ_COMMITTED, new StringDeserializer(), new LongDeserializer())
                .records()
                .stream()
                .collect(Collectors.groupingBy(
                        ConsumerRecord::key,
                        TreeMap::new,
                        Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
    }

    private Map<String, List<Long>> sequences() {
        Map<String, List<Long>> sequences = new TreeMap<>();
        expected.forEach((word, count) ->
                sequences.put(word, LongStream.rangeClosed(1, count).boxed().toList()));
        return sequences;
    }

    private static HttpResponse<String> get(WorkerProcess worker, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + worker.httpPort() + path))
                                .timeout(LIMIT)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
