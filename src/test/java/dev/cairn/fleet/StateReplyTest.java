package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

import dev.cairn.state.EntryPage;
import dev.cairn.state.EntrySelection;
import dev.cairn.state.StateDescriptor;
import dev.cairn.worker.Consistency;
import dev.cairn.worker.StateAnswer;

/** What one worker asks another, and is answered, arrives as it was sent. */
class StateReplyTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final StateDescriptor MAP = new StateDescriptor("visits", "map", "ordered(instant)", "x", 3);

    @Test
    void shouldAskForEntries() throws Exception {
        // Given
        EntrySelection entries = new EntrySelection(null, "p", "pq", true, 7);
        StateQuestion question = new StateQuestion("job", Consistency.LIVE, entries, List.of());

        // When
        String json = JSON.writeValueAsString(question);
        StateQuestion values =
                JSON.readValue("{\"job\":\"job\",\"consistency\":\"LIVE\",\"keys\":[]}", StateQuestion.class);

        // Then: a worker of an older version asks for values
        assertThat(JSON.readValue(json, StateQuestion.class)).isEqualTo(question);
        assertThat(values.entries()).isNull();
    }

    @Test
    void shouldAnswerWithEntries() throws Exception {
        // Given
        EntryPage page = new EntryPage(
                List.of(
                        new EntryPage.Item(new byte[] {1}, new byte[] {2}),
                        new EntryPage.Item(new byte[0], new byte[0])),
                new byte[] {5});

        // When
        StateAnswer answer = sent(new StateAnswer.FoundEntries(page, MAP));

        // Then
        assertThat(answer).isInstanceOfSatisfying(StateAnswer.FoundEntries.class, found -> {
            assertThat(found.state()).isEqualTo(MAP);
            assertThat(found.page()).usingRecursiveComparison().isEqualTo(page);
        });
    }

    @Test
    void shouldAnswerWithoutEntries() throws Exception {
        assertThat(sent(new StateAnswer.Found(new byte[] {4}, MAP)))
                .isInstanceOfSatisfying(StateAnswer.Found.class, found -> {
                    assertThat(found.value()).containsExactly(4);
                    assertThat(found.state()).isEqualTo(MAP);
                });
        for (StateAnswer answer : List.of(
                new StateAnswer.Absent(),
                new StateAnswer.NoSuchState(),
                new StateAnswer.Refused("why"),
                StateAnswer.Unavailable.because("why"))) {
            assertThat(sent(answer)).isEqualTo(answer);
        }
        assertThat(JSON.readValue("{\"outcome\":\"ENTRIES\"}", StateReply.Result.class)
                        .toAnswer())
                .isInstanceOf(StateAnswer.Unavailable.class);
    }

    private static StateAnswer sent(StateAnswer answer) throws Exception {
        return JSON.readValue(JSON.writeValueAsString(StateReply.Result.of(answer)), StateReply.Result.class)
                .toAnswer();
    }
}
