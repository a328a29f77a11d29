package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.CheckpointReport.Outcome;
import dev.cairn.worker.status.CheckpointReport.Trigger;
import dev.cairn.worker.status.WorkerEvent;

class FleetCodecTest {

    private static final Instant AT = Instant.ofEpochMilli(1_790_000_000_123L);
    private static final Duration MILLIS = Duration.ofMillis(7);

    @Test
    void shouldReadCommandsAsTheyWereWritten() throws Exception {
        Command command = new Command("id", CommandKind.SAVEPOINT, AT, Optional.of("a"), Optional.of("/savepoints"));

        assertThat(FleetCodec.decodeCommand(FleetCodec.encode(command), "somewhere", Instant.EPOCH))
                .isEqualTo(command);
    }

    @Test
    void shouldTakeWhatAPersonWrites() throws Exception {
        assertThat(FleetCodec.decodeCommand("{\"kind\":\"pause\",\"why\":\"lunch\"}", "topic-0 offset 7", AT))
                .isEqualTo(new Command("topic-0 offset 7", CommandKind.PAUSE, AT, Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "pause",
                "[]",
                "{}",
                "{\"kind\":\"explode\"}",
                "{\"kind\":3}",
                "{\"version\":2,\"kind\":\"pause\"}"
            })
    void shouldRefuseWhatIsNoCommand(String text) {
        assertThatThrownBy(() -> FleetCodec.decodeCommand(text, "somewhere", AT))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void shouldReadEventsAsTheyWereWritten() throws Exception {
        List<FleetEvent> events = List.of(
                new FleetEvent.CheckpointEnded(report()),
                new FleetEvent.SavepointEnded("a", AT, MILLIS, "file:/x", 7, 8, 9, 10, ""),
                new FleetEvent.PartitionRestored(
                        new WorkerEvent.PartitionRestored(AT, "a", 3, Restored.Source.STORE, 7, "file:/x", 11, MILLIS)),
                new FleetEvent.CommandDone("id", "a", AT, "why"),
                new FleetEvent.OperationStands("a", "id", Operation.Kind.SAVEPOINT, AT, null),
                new FleetEvent.OperationStands(
                        "a",
                        "id",
                        Operation.Kind.STOP,
                        AT,
                        new FleetEvent.OperationStands.Outcome(AT, "file:/x", "", "", "remark")));

        for (FleetEvent event : events) {
            assertThat(FleetCodec.decodeEvent(FleetCodec.encode(event))).isEqualTo(event);
        }
    }

    @Test
    void shouldWriteTimesAndDurationsInMilliseconds() throws Exception {
        JsonNode json = new ObjectMapper().readTree(FleetCodec.encode(new FleetEvent.CheckpointEnded(report())));

        assertThat(json.at("/version").asInt()).isEqualTo(1);
        assertThat(json.at("/event/type").asText()).isEqualTo("checkpoint");
        assertThat(json.at("/event/checkpoint/triggeredAt").asLong()).isEqualTo(AT.toEpochMilli());
        assertThat(json.at("/event/checkpoint/parts/0/upload").asLong()).isEqualTo(MILLIS.toMillis());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "{\"version\":1}",
                "{\"version\":1,\"event\":{\"type\":\"unknown\"}}",
                "{\"version\":2,\"event\":{\"type\":\"done\",\"command\":\"id\",\"worker\":\"a\"}}",
                "{\"version\":1,\"event\":null}",
                "{\"version\":1,\"event\":{\"type\":null}}",
                "{\"version\":1,\"event\":{\"type\":\"checkpoint\"}}",
                "{\"version\":1,\"event\":{\"type\":\"checkpoint\",\"checkpoint\":{}}}",
                "{\"version\":1,\"event\":{\"type\":\"restored\"}}",
                "{\"version\":1,\"event\":{\"type\":\"done\",\"command\":\"id\",\"worker\":\"a\",\"at\":1}}",
                "{\"version\":1,\"event\":{\"type\":\"done\",\"command\":\"id\",\"failure\":\"\",\"at\":1}}",
                "{\"version\":1,\"event\":{\"type\":\"operation\",\"worker\":\"a\",\"id\":\"id\",\"startedAt\":1}}"
            })
    void shouldRefuseWhatIsNoEvent(String text) {
        assertThatThrownBy(() -> FleetCodec.decodeEvent(text)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "worker, \"a\"",
        "outcome, \"COMPLETED\"",
        "failure, \"\"",
        "uid, \"uid\"",
        "path, \"file:/x\"",
        "triggeredAt, 1790000000123",
        "commit, 7",
        "sort, 7"
    })
    void shouldRefuseAnEventOfWhichAPartIsMissingOrCannotBe(String name, String value) {
        String event = FleetCodec.encode(new FleetEvent.CheckpointEnded(report()));
        String part = "\"" + name + "\":" + value;
        assertThat(event).contains(part);
        List<String> others = value.startsWith("\"")
                ? List.of("null", "[]")
                : List.of("null", "[]", "31556889864403199.9", "-9223372036854775808", "9223372036854775807");

        for (String other : others) {
            assertThatThrownBy(() -> FleetCodec.decodeEvent(event.replace(part, "\"" + name + "\":" + other)))
                    .as(name + ":" + other)
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void shouldSayWhatANewerVersionWrote() {
        assertThatThrownBy(() -> FleetCodec.decodeEvent("{\"version\":2,\"event\":{\"type\":\"news\",\"a\":1}}"))
                .hasMessage("its version is 2, but this worker knows 1");
        assertThatThrownBy(() -> FleetCodec.decodeEvent("{\"version\":1,\"event\":{\"type\":\"news\",\"a\":1}}"))
                .hasMessage("its type 'news' is not known to this worker");
    }

    private static CheckpointReport report() {
        return new CheckpointReport(
                "a",
                1,
                Trigger.REQUESTED,
                Outcome.COMPLETED,
                AT,
                MILLIS,
                MILLIS,
                MILLIS,
                "",
                List.of(new CheckpointReport.Part(
                        3, 7, "uid", "file:/x", 10, 20, MILLIS, MILLIS, MILLIS, MILLIS, MILLIS)));
    }
}
