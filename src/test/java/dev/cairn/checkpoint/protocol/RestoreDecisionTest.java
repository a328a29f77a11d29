package dev.cairn.checkpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.protocol.RestoreDecision.OnReset;

class RestoreDecisionTest {

    private static final CheckpointId NAMED = new CheckpointId(7, "uid");

    @ParameterizedTest
    @Tag("rule-T2")
    @Tag("rule-T4")
    @Tag("rule-T5")
    @Tag("rule-T6")
    @Tag("rule-T8")
    @CsvSource({
        "true, true, true, PARK, RestoreNamed",
        "true, true, true, USE_CHECKPOINT, RestoreNamed",
        "true, true, true, FRESH_STATE, RestoreNamed",
        "true, true, false, PARK, RestoreNamed",
        "true, false, false, PARK, StartAtCommittedOffsets",
        "true, false, false, USE_CHECKPOINT, StartAtCommittedOffsets",
        "true, false, true, PARK, Park",
        "true, false, true, USE_CHECKPOINT, RestoreNewestCommitted",
        "true, false, true, FRESH_STATE, StartAtCommittedOffsets",
        "false, false, true, PARK, RestoreNewestCommitted",
        "false, false, true, FRESH_STATE, RestoreNewestCommitted",
        "false, false, false, PARK, StartAtInputStart",
        "false, false, false, USE_CHECKPOINT, StartAtInputStart",
    })
    void shouldDecideByTheTable(
            boolean hasOffsets, boolean hasPointer, boolean hasCheckpoints, OnReset onReset, String expected) {
        // When
        RestoreDecision decision = RestoreDecision.decide(
                hasOffsets, hasPointer ? Optional.of(NAMED) : Optional.empty(), hasCheckpoints, onReset);

        // Then
        assertThat(decision.getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    @Tag("rule-T2")
    void shouldRestoreTheOneThatIsNamed() {
        assertThat(RestoreDecision.decide(true, Optional.of(NAMED), true, OnReset.PARK))
                .isEqualTo(new RestoreDecision.RestoreNamed(NAMED));
    }

    @Test
    @Tag("rule-R11")
    void shouldNameTheWayOutWhenItParks() {
        // When
        RestoreDecision decision = RestoreDecision.decide(true, Optional.empty(), true, OnReset.PARK);

        // Then
        assertThat(((RestoreDecision.Park) decision).cause())
                .contains("cairn.recovery.on-reset=use-checkpoint", "fresh-state");
    }
}
