package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.ReducingState;
import dev.cairn.checkpoint.store.StoredEntries;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateMemory;
import dev.cairn.testkit.store.Savepoints;

/** What commands make of states that have several entries for a record's key. */
class StateKindsCommandsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> KEYS = List.of("ATL", "JFK", "LAX", "ORD", "DEN", "SFO", "SEA", "LAS");

    @TempDir
    Path directory;

    private Path job;

    @BeforeEach
    void store() {
        StoredEntries entries = new StoredEntries(directory.resolve("checkpoints"), "kinds", 2);
        try (RocksResources resources = new RocksResources(8L << 20)) {
            for (int partition = 0; partition < 2; partition++) {
                store(entries, partition, resources);
            }
        }
        job = entries.store();
    }

    private void store(StoredEntries entries, int partition, RocksResources resources) {
        try (PartitionDatabase database = PartitionDatabase.open(directory.resolve("db-" + partition), resources);
                KeyedState state = new KeyedState(database, StateMemory.caching(1L << 20, 1L << 20), List.of())) {
            MapState<Instant, Long> map = state.mapState("map", OrderedSerdes.instants(), Serdes.Long());
            ListState<String> list = state.listState("list", Serdes.String());
            ReducingState<Long> sum = state.reducingState("sum", Serdes.Long(), Long::sum);
            for (String key : KEYS) {
                if (partitionOf(key, 2) == partition) {
                    state.beginRecord(bytes(key));
                    for (long second = -1; second < 2; second++) {
                        map.put(Instant.ofEpochSecond(second), second * 10);
                        list.add(key + "/" + second);
                        sum.add(second + 1);
                    }
                    state.keepRecord();
                }
            }
            entries.put(partition, state.descriptors(), state.freeze());
        }
    }

    @Test
    void shouldExportEntriesInOrder() {
        // When
        Typed lines = Typed.command("state", "export", job.toString(), "--state", "map");
        Typed list = Typed.command("state", "export", job.toString(), "--state", "list");
        Typed sums = Typed.command("state", "export", job.toString(), "--state", "sum");

        // Then
        assertThat(lines.err()).isEmpty();
        assertThat(lines.out().lines()).hasSize(3 * KEYS.size());
        assertThat(lines.out()
                        .lines()
                        .filter(line -> line.contains("JFK"))
                        .map(line -> line.replaceAll("^.*\"key\"", "\"key\"")))
                .containsExactly(
                        "\"key\":\"JFK\",\"entry\":\"1969-12-31T23:59:59Z\",\"value\":-10}",
                        "\"key\":\"JFK\",\"entry\":\"1970-01-01T00:00:00Z\",\"value\":0}",
                        "\"key\":\"JFK\",\"entry\":\"1970-01-01T00:00:01Z\",\"value\":10}");
        assertThat(list.out().lines().filter(line -> line.contains("JFK")).map(line -> json(line)
                        .get("entry")
                        .asInt()))
                .containsExactly(0, 1, 2);
        assertThat(sums.out().lines())
                .hasSize(KEYS.size())
                .allSatisfy(line -> assertThat(json(line).get("value").asInt()).isEqualTo(3));
        assertThat(sums.out()).doesNotContain("entry");
    }

    @Test
    void shouldExportATable() {
        // When
        Typed map = Typed.command("state", "export", job.toString(), "--state", "map", "--format", "csv");
        Typed sum = Typed.command("state", "export", job.toString(), "--state", "sum", "--format", "csv");

        // Then: there is a column for what there is
        assertThat(map.out())
                .startsWith("partition,state,key,entry,value\n")
                .contains(",JFK,1970-01-01T00:00:01Z,10\n");
        assertThat(sum.out()).startsWith("partition,state,key,value\n").contains(",JFK,3\n");
    }

    @Test
    void shouldGetEntriesOfAKey() {
        // When
        Typed map = Typed.command("state", "get", job.toString(), "map", "JFK");
        Typed one = Typed.command("state", "get", job.toString(), "map", "JFK", "--entry", "1970-01-01T00:00:01Z");
        Typed some = Typed.command("state", "get", job.toString(), "list", "JFK", "--limit", "2");
        Typed rest = Typed.command("state", "get", job.toString(), "list", "JFK", "--from", "2");
        Typed last = Typed.command("state", "get", job.toString(), "map", "JFK", "--reversed", "--limit", "1");
        Typed sum = Typed.command("state", "get", job.toString(), "sum", "JFK");
        Typed none = Typed.command("state", "get", job.toString(), "map", "JF");
        Typed noEntry = Typed.command("state", "get", job.toString(), "map", "JFK", "--entry", "1970-01-01T00:00:07Z");

        // Then
        assertThat(map.out())
                .isEqualTo("1969-12-31T23:59:59Z: -10\n1970-01-01T00:00:00Z: 0\n1970-01-01T00:00:01Z: 10\n");
        assertThat(one.out()).isEqualTo("1970-01-01T00:00:01Z: 10\n");
        assertThat(some.out()).isEqualTo("0: JFK/-1\n1: JFK/0\n");
        assertThat(some.err()).isEqualTo("there are more entries: raise --limit, or continue with --from '2'\n");
        assertThat(rest.out()).isEqualTo("2: JFK/1\n");
        assertThat(rest.err()).isEmpty();
        assertThat(last.out()).isEqualTo("1970-01-01T00:00:01Z: 10\n");
        assertThat(last.err()).contains("--from '1970-01-01T00:00:00Z'");
        assertThat(sum.out()).isEqualTo("3\n");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("has no value for this key");
        assertThat(noEntry.err()).contains("has no value for this key and entry");
    }

    @Test
    void shouldSayWhichEntriesThereCannotBe() {
        // When
        Typed noKey = Typed.command("state", "get", job.toString(), "map", "JFK", "--entry", "1970");
        Typed noText = Typed.command("state", "get", job.toString(), "list", "JFK", "--prefix", "1");
        Typed oneValue = Typed.command("state", "get", job.toString(), "sum", "JFK", "--from", "1");
        Typed both = Typed.command("state", "get", job.toString(), "list", "JFK", "--entry", "1", "--from", "1");

        // Then
        assertThat(noKey.err()).contains("entry is no key of the state 'map'", "ordered(instant)");
        assertThat(noText.err()).contains("prefix is for keys that are text");
        assertThat(oneValue.err()).contains("'sum' is of the kind reducing, which has one value for a key");
        assertThat(both.err()).contains("entry asks for one entry");
        assertThat(List.of(noKey, noText, oneValue, both))
                .allSatisfy(typed -> assertThat(typed.exitCode()).isEqualTo(1));
    }

    @Test
    void shouldRescaleByTheRecordKey() {
        // Given
        Path savepoint = directory.resolve("savepoints").resolve("savepoint-1");
        Savepoints.create(job, savepoint);

        // When
        Savepoints.rescale(savepoint, directory.resolve("savepoints").resolve("savepoint-2"), 3);
        Typed before = Typed.command("state", "export", savepoint.toString());
        Typed after = Typed.command(
                "state",
                "export",
                directory.resolve("savepoints").resolve("savepoint-2").toString());

        // Then: nothing is lost, and every entry is where its records go
        assertThat(after.err()).isEmpty();
        assertThat(withoutPartitions(after))
                .isEqualTo(withoutPartitions(before))
                .hasSize(7 * KEYS.size());
        assertThat(after.out().lines())
                .allSatisfy(line -> assertThat(json(line).get("partition").asInt())
                        .isEqualTo(partitionOf(json(line).get("key").asText(), 3)));
    }

    private static Set<String> withoutPartitions(Typed export) {
        return export.out()
                .lines()
                .map(line -> ((ObjectNode) json(line)).without("partition").toString())
                .collect(Collectors.toSet());
    }

    private static int partitionOf(String key, int count) {
        return Utils.toPositive(Utils.murmur2(bytes(key))) % count;
    }

    private static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
