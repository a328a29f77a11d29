package dev.cairn.fleet;

import static dev.cairn.fleet.CommandLog.Age.NEW;
import static dev.cairn.fleet.CommandLog.Age.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import dev.cairn.fleet.CommandGate.Refusal;
import dev.cairn.testkit.LogLines;

class CommandGateTest {

    private static final String SECRET = "a-secret-that-only-workers-of-the-job-know";
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final MessagePosition POSITION =
            new MessagePosition("orders-cairn-commands-0 offset 7", OptionalLong.of(7), NOW);

    private final AtomicLong nanos = new AtomicLong();
    private final CommandGate gate = gate(SECRET, "orders", "cluster");
    private int ids;

    @Test
    void shouldLetInWhatIsSigned() {
        for (CommandKind kind : CommandKind.values()) {
            assertThat(refusal(at(kind, NOW), NEW)).isEmpty();
        }
    }

    @Test
    void shouldRefuseWhatIsNotSignedOrForSomethingElse() {
        Command pause = at(CommandKind.PAUSE, NOW);

        assertThat(gate.refusal(pause, Optional.empty(), NEW, NOW)).contains(Refusal.UNSIGNED);
        for (CommandGate other : new CommandGate[] {
            gate(SECRET + "-or-another", "orders", "cluster"),
            gate(SECRET, "orders-eu", "cluster"),
            gate(SECRET, "orders", "other-cluster")
        }) {
            assertThat(gate.refusal(pause, other.sign(pause), NEW, NOW)).contains(Refusal.FORGED);
        }
        assertThat(gate.refusal(pause, Optional.of(""), NEW, NOW)).contains(Refusal.FORGED);
    }

    @Test
    void shouldRefuseWhatWasAltered() throws MalformedMessageException {
        Command savepoint = new Command("id", CommandKind.SAVEPOINT, NOW, Optional.of("a"), Optional.of("/savepoints"));
        String signed = FleetCodec.encode(savepoint, gate.sign(savepoint));

        assertThat(received(signed)).isEmpty();
        assertThat(received(signed.replace("/savepoints", "/elsewhere"))).contains(Refusal.FORGED);
        assertThat(received(signed.replace("\"savepoint\"", "\"cancel\""))).contains(Refusal.FORGED);
        assertThat(received(signed.replace("\"id\":\"id\"", "\"id\":\"other\"")))
                .contains(Refusal.FORGED);
        assertThat(received(signed.replace("\"id\":\"id\",", ""))).contains(Refusal.FORGED);
        assertThat(received(signed.replace("\"by\":\"a\"", "\"by\":\"b\""))).contains(Refusal.FORGED);
        assertThat(received(signed.replace("\"by\":\"a\",", ""))).contains(Refusal.FORGED);
        String later = Long.toString(NOW.plusSeconds(1).toEpochMilli());
        assertThat(received(signed.replace(Long.toString(NOW.toEpochMilli()), later)))
                .contains(Refusal.FORGED);
    }

    @Test
    void shouldTakeWhatHoldsHoweverOldAndNothingFromBeforeIt() {
        Instant monthsAgo = NOW.minus(Duration.ofDays(90));

        assertThat(refusal(at(CommandKind.PAUSE, monthsAgo), OLD)).isEmpty();
        assertThat(refusal(at(CommandKind.RESUME, monthsAgo.minusSeconds(60)), NEW))
                .contains(Refusal.OUTDATED);
        assertThat(refusal(at(CommandKind.RESUME, monthsAgo.minusSeconds(20)), NEW))
                .as("clocks that differ a little")
                .isEmpty();
        assertThat(refusal(at(CommandKind.START, monthsAgo), OLD)).isEmpty();
        assertThat(refusal(at(CommandKind.CANCEL, monthsAgo.minusSeconds(60)), OLD))
                .contains(Refusal.OUTDATED);
        assertThat(refusal(at(CommandKind.RESUME, NOW), NEW)).isEmpty();
    }

    @Test
    void shouldRefuseANewOneThatWasGivenLongAgoOrLater() {
        for (CommandKind kind : new CommandKind[] {CommandKind.CANCEL, CommandKind.CHECKPOINT, CommandKind.SAVEPOINT}) {
            assertThat(refusal(at(kind, NOW.minus(Duration.ofMinutes(6))), NEW)).contains(Refusal.OUTDATED);
            assertThat(refusal(at(kind, NOW.plus(Duration.ofMinutes(1))), NEW)).contains(Refusal.OUTDATED);
            assertThat(refusal(at(kind, NOW.minus(Duration.ofMinutes(4))), NEW)).isEmpty();
        }
    }

    @Test
    void shouldLetInEverythingWithoutASecret() {
        CommandGate open = new CommandGate(null, Optional.empty(), nanos::get);
        open.open("orders", "cluster");
        Command pause = at(CommandKind.PAUSE, NOW);

        assertThat(open.sign(pause)).isEmpty();
        assertThat(open.refusal(pause, Optional.empty(), NEW, NOW)).isEmpty();
    }

    @Test
    void shouldWarnOnceAMinuteAndCountAll() {
        try (LogLines logs = new LogLines(CommandGate.class)) {
            for (int i = 0; i < 5; i++) {
                gate.ignored(POSITION, Refusal.UNSIGNED);
            }
            assertThat(logs.soFar()).singleElement().asString().contains("offset 7", "not signed");

            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            gate.repeated(POSITION);
            assertThat(logs.soFar()).hasSize(2).last().asString().contains("4 others");
        }
        assertThat(gate.count(Refusal.UNSIGNED)).isEqualTo(5);
        assertThat(gate.count(Refusal.REPEATED)).isEqualTo(1);
    }

    private Optional<Refusal> refusal(Command command, CommandLog.Age age) {
        return gate.refusal(command, gate.sign(command), age, NOW);
    }

    private Optional<Refusal> received(String text) throws MalformedMessageException {
        return gate.refusal(FleetCodec.decodeCommand(text, "offset-7", NOW), FleetCodec.signature(text), NEW, NOW);
    }

    private CommandGate gate(String secret, String job, String cluster) {
        CommandGate made = new CommandGate(null, Optional.of(secret), nanos::get);
        made.open(job, cluster);
        return made;
    }

    private Command at(CommandKind kind, Instant at) {
        return new Command("id-" + ids++, kind, at, Optional.of("worker-1"), Optional.empty());
    }
}
