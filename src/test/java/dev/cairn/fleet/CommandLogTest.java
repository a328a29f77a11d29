package dev.cairn.fleet;

import static dev.cairn.fleet.CommandLog.Age.NEW;
import static dev.cairn.fleet.CommandLog.Age.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class CommandLogTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final List<CommandKind> followed = new ArrayList<>();
    private final CommandLog log = new CommandLog(command -> followed.add(command.kind()));
    private int ids;

    @Test
    void shouldComeUpPausedWhenThatWasTheLastThatWasSaid() {
        log.add(command(CommandKind.PAUSE), OLD);
        log.add(command(CommandKind.RESUME), OLD);
        log.add(command(CommandKind.PAUSE), OLD);
        log.add(command(CommandKind.CHECKPOINT), OLD);

        assertThat(log.caughtUp(NOW)).isTrue();
        assertThat(followed).isEmpty();
    }

    @Test
    void shouldFollowEachNewCommandOnceAndNoOldOne() {
        Command twice = command(CommandKind.SAVEPOINT);

        log.add(command(CommandKind.CHECKPOINT), OLD);
        log.caughtUp(NOW);
        log.add(twice, NEW);
        log.add(twice, NEW);
        log.add(command(CommandKind.PAUSE), NEW);

        assertThat(followed).containsExactly(CommandKind.SAVEPOINT, CommandKind.PAUSE);
    }

    @Test
    void shouldFollowAnOldPauseThatArrivesLate() {
        log.caughtUp(NOW);
        log.add(command(CommandKind.CANCEL), OLD);
        log.add(command(CommandKind.CHECKPOINT), OLD);
        log.add(command(CommandKind.PAUSE), OLD);

        assertThat(followed).containsExactly(CommandKind.PAUSE);
    }

    @Test
    void shouldCancelWhatNobodyWasThereToCancelButNotWhatMayHaveBeenStartedSince() {
        log.add(at(CommandKind.CANCEL, NOW.minus(Duration.ofMinutes(5))), OLD);
        log.caughtUp(NOW);
        assertThat(followed).isEmpty();

        CommandLog other = new CommandLog(command -> followed.add(command.kind()));
        other.add(at(CommandKind.CANCEL, NOW.minus(Duration.ofSeconds(5))), OLD);
        other.caughtUp(NOW);
        assertThat(followed).containsExactly(CommandKind.CANCEL);
    }

    @Test
    void shouldKnowWhenTheJobWasLastStarted() {
        log.add(at(CommandKind.START, NOW), OLD);
        assertThat(log.startedAt()).contains(NOW);

        log.add(at(CommandKind.CANCEL, NOW), OLD);
        assertThat(log.startedAt()).isEmpty();
    }

    private Command command(CommandKind kind) {
        return at(kind, NOW);
    }

    private Command at(CommandKind kind, Instant at) {
        return new Command("id-" + ids++, kind, at, Optional.empty(), Optional.empty());
    }
}
