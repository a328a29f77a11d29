package dev.cairn.checkpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Checkpoints;
import dev.cairn.checkpoint.protocol.InputsDecision.OnOtherCluster;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;

/** A checkpoint of {@code clicks}, whose id is on record, and of {@code views}, taken before ids were. */
class InputsDecisionTest {

    private final CheckpointMetadata checkpoint = Checkpoints.of(7, null, List.of(Checkpoints.inline("uid-7")));

    @ParameterizedTest
    @Tag("rule-R9")
    @Tag("rule-I1")
    @Tag("rule-I2")
    @Tag("rule-I3")
    @CsvSource({
        "cluster-1, id-of-clicks, PARK, PARK, Continue",
        "'', id-of-clicks, PARK, PARK, Continue",
        "cluster-1, another, PARK, ACCEPT, Park",
        "cluster-1, another, KEEP_STATE, PARK, ReadAgain",
        "cluster-1, another, FRESH_STATE, PARK, StartEmpty",
        "cluster-2, another, KEEP_STATE, PARK, Park",
        "cluster-2, id-of-clicks, KEEP_STATE, PARK, Park",
        "cluster-2, another, PARK, ACCEPT, ContinueFromCopy",
    })
    void shouldDecideByTheTable(
            String cluster, String id, OnRecreatedInput onRecreated, OnOtherCluster onOtherCluster, String expected) {
        // When
        InputsDecision decision = InputsDecision.decide(
                checkpoint, cluster, Map.of("clicks", id, "views", "any", "new", "any"), onRecreated, onOtherCluster);

        // Then
        assertThat(decision.getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    @Tag("rule-I2")
    void shouldReadOnlyWhatIsAnotherTopicFromItsBeginning() {
        // When
        InputsDecision decision = InputsDecision.decide(
                checkpoint,
                "cluster-1",
                Map.of("clicks", "another", "views", "any"),
                OnRecreatedInput.KEEP_STATE,
                OnOtherCluster.PARK);

        // Then
        assertThat(((InputsDecision.ReadAgain) decision).topics()).isEqualTo(Set.of("clicks"));
    }

    @Test
    @Tag("rule-I1")
    void shouldNotAskForTheClusterOfACheckpointWithoutAPositionInAnyInput() {
        assertThat(InputsDecision.decide(
                        checkpoint,
                        "cluster-2",
                        Map.of("clicks-12", "any"),
                        OnRecreatedInput.PARK,
                        OnOtherCluster.PARK))
                .isEqualTo(new InputsDecision.Continue());
    }

    @Test
    @Tag("rule-R11")
    void shouldNameTheWayOutWhenItParks() {
        assertThat(parked("cluster-2", "id-of-clicks"))
                .contains("cluster-1", "cluster-2", "cairn.recovery.on-other-cluster=accept");
        assertThat(parked("cluster-1", "another"))
                .contains("clicks", "chk-7", "cairn.recovery.on-recreated-input=keep-state", "fresh-state");
    }

    private String parked(String cluster, String id) {
        InputsDecision decision = InputsDecision.decide(
                checkpoint, cluster, Map.of("clicks", id), OnRecreatedInput.PARK, OnOtherCluster.PARK);
        return ((InputsDecision.Park) decision).cause();
    }
}
