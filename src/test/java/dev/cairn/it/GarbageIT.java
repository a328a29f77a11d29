package dev.cairn.it;

import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.FaultyWorkerMain;
import dev.cairn.testkit.store.LiveFiles;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.verify.Invariants;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.worker.Worker;

/** A worker is killed in the middle of a checkpoint, and someone cleans up what it left before another one continues. */
class GarbageIT {

    private static final String JOB = "garbage";
    private static final String INPUT = JOB + "-input";
    private static final String OUTPUT = JOB + "-output";
    private static final int RECORDS = 1_000;
    private static final int KEYS = 40;
    private static final int RETAINED = 2;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern DIED = Pattern.compile("of chk-([0-9]+) of partition 0");

    private final TestBroker broker = Brokers.shared();

    @TempDir
    private Path directory;

    @Test
    @Tag("rule-K10")
    void shouldDeleteExactlyWhatAKilledWorkerLeftBehind() throws Exception {
        // Given
        AggregateVerifier verifier = send();
        String dead = "chk-" + runUntilDead() + "/_metadata";
        Invariants invariants =
                new Invariants(broker, JOB, INPUT, "/value", checkpoints(), directory.resolve("scratch"));
        Set<String> before = paths();
        Set<String> orphans = new TreeSet<>(Set.of("partition-0/" + dead, "partition-0/" + deltaOf(dead)));
        // A clean-up that was cut off may have left more.
        orphans.addAll(invariants.orphans());

        // When: the dead worker still counts as a member
        Cairn.Result early = gc("--older-than", "0s");

        // Then
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err().lines()).singleElement().asString().contains("group garbage has members");

        // When
        broker.admin()
                .removeMembersFromConsumerGroup(JOB, new RemoveMembersFromConsumerGroupOptions())
                .all()
                .get();
        Cairn.Result dryRun = gc("--dry-run", "--older-than", "0s", "--output", "json");

        // Then
        assertThat(dryRun.err()).isEmpty();
        assertThat(orphansIn(dryRun)).isEqualTo(orphans);
        assertThat(dryRun.json().get("groupAsked").asBoolean()).isTrue();
        assertThat(paths()).isEqualTo(before);

        // When
        Cairn.Result named = Cairn.in(
                directory,
                settings(),
                "checkpoints",
                "delete",
                checkpoints() + "/garbage/partition-0/" + parentOf(dead));
        Cairn.Result gc = gc("--older-than", "0s");

        // Then
        assertThat(named.exitCode()).isEqualTo(1);
        assertThat(named.err()).contains("is not deleted: the group names it");
        assertThat(gc.exitCode()).as(gc.err()).isZero();
        Set<String> left = new TreeSet<>(before);
        left.removeAll(orphans);
        assertThat(paths()).isEqualTo(left);
        assertThat(gc.out().lines().filter(line -> line.startsWith("deleted "))).hasSameSizeAs(orphans);
        assertThat(invariants.assertStoreHolds()).isEqualTo(1);

        // When
        runToTheEnd();

        // Then
        verifier.verifyExactlyOnce(Readers.readCommitted(broker, OUTPUT));
        invariants.assertStoreHolds();
        invariants.assertTidy(RETAINED);
    }

    private AggregateVerifier send() {
        broker.createTopic(INPUT, 1);
        broker.createTopic(OUTPUT, 1);
        AggregateVerifier verifier = new AggregateVerifier();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            String key = "key-" + i % KEYS;
            records.add(Topics.record(INPUT, key, "{\"value\":" + i + "}"));
            verifier.expect(key, BigDecimal.valueOf(i));
        }
        Topics.send(broker, records);
        return verifier;
    }

    /** @return the number of the checkpoint that it was writing */
    private String runUntilDead() {
        try (WorkerProcess worker = WorkerProcess.ofMain(FaultyWorkerMain.class)
                .name(JOB)
                .jvm("-XX:TieredStopAtLevel=1")
                .set(settings())
                .set(FaultyWorkerMain.STEP, METADATA_WRITTEN.name())
                .set(FaultyWorkerMain.OCCURRENCE, "5")
                .set(FaultyWorkerMain.COUNTING, FaultyWorkerMain.Counting.OVERALL.name())
                .set(FaultyWorkerMain.MICROS_PER_RECORD, "2000")
                .start()) {
            Matcher died = DIED.matcher(worker.awaitOutput("^dies at " + METADATA_WRITTEN, LIMIT));
            assertThat(died.find()).isTrue();
            worker.awaitExit(LIMIT);
            return died.group(1);
        }
    }

    private void runToTheEnd() {
        Worker worker = FaultyWorkerMain.worker(settings());
        try {
            worker.start();
            Workers.awaitCaughtUp(broker, JOB, INPUT);
        } finally {
            worker.stop();
        }
    }

    private Cairn.Result gc(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("checkpoints", "gc"));
        arguments.addAll(List.of(options));
        return Cairn.in(directory, settings(), arguments.toArray(String[]::new));
    }

    private Set<String> orphansIn(Cairn.Result gc) throws IOException {
        Set<String> orphans = new TreeSet<>();
        String job = "file:" + checkpoints().toRealPath() + "/" + JOB + "/";
        for (JsonNode object : gc.json().get("objects")) {
            if (object.get("class").asText().equals("ORPHAN")) {
                assertThat(object.get("object").asText()).startsWith(job);
                orphans.add(object.get("object").asText().substring(job.length()));
            }
        }
        return orphans;
    }

    private Set<String> paths() throws IOException {
        Path job = checkpoints().resolve(JOB);
        return LiveFiles.below(job).stream()
                .map(file -> job.relativize(file).toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String deltaOf(String metadata) throws IOException {
        JsonNode deltas = read(metadata).get("deltas");
        return deltas.get(deltas.size() - 1).at("/file/path").asText();
    }

    private String parentOf(String metadata) throws IOException {
        return "chk-" + read(metadata).at("/parent/number").asLong();
    }

    private JsonNode read(String metadata) throws IOException {
        return new ObjectMapper()
                .readTree(
                        checkpoints().resolve(JOB + "/partition-0/" + metadata).toFile());
    }

    private Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        settings.put("kafka.max.poll.records", "10");
        settings.put("cairn.job", JOB);
        settings.put("cairn.input.topics", INPUT);
        settings.put("cairn.output.topic", OUTPUT);
        settings.put("cairn.instance", "worker-1");
        settings.put("cairn.threads", "1");
        settings.put("execution.checkpointing.interval", "50ms");
        settings.put("state.backend.fs.memory-threshold", "0b");
        settings.put("state.checkpoints.num-retained", Integer.toString(RETAINED));
        settings.put("state.checkpoints.dir", checkpoints().toString());
        settings.put(
                "taskmanager.state.local.root-dirs", directory.resolve("local").toString());
        Map<String, String> variables = new LinkedHashMap<>();
        settings.forEach((name, value) ->
                variables.put(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        return variables;
    }
}
