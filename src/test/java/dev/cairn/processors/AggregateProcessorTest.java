package dev.cairn.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateProcessorTest {

    private final OneKey<Aggregate> job = new OneKey<>(new AggregateProcessor(Optional.of("/delay")));

    @Test
    void shouldEmitAfterEachRecord() throws Exception {
        // When
        process("{\"delay\":1}");
        process("{\"delay\":9}");
        process("{\"delay\":2.5}");

        // Then
        assertThat(job.emitted())
                .containsExactly(
                        "{\"count\":1,\"sum\":1,\"min\":1,\"max\":1,\"last\":1}",
                        "{\"count\":2,\"sum\":10,\"min\":1,\"max\":9,\"last\":9}",
                        "{\"count\":3,\"sum\":12.5,\"min\":1,\"max\":9,\"last\":2.5}");
    }

    @Test
    void shouldEmitTheKeyUntouched() throws Exception {
        // When
        process("{\"delay\":1}");

        // Then
        assertThat(job.emittedKeys()).containsExactly(OneKey.KEY);
    }

    @Test
    void shouldKeepItsStateAsJson() throws Exception {
        // When
        process("{\"delay\":9223372036854775807}");
        process("{\"delay\":1}");

        // Then
        assertThat(job.stateName()).isEqualTo("aggregate");
        assertThat(job.stored())
                .isEqualTo(
                        "{\"count\":2,\"sum\":9223372036854775808,\"min\":1,\"max\":9223372036854775807,\"last\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"delay\":\"secret\"}", "secret", "{\"delay\":1e999}"})
    void shouldChangeNothingForAValueWithoutTheNumber(String value) throws Exception {
        // Given
        process("{\"delay\":1}");

        // When
        assertThatThrownBy(() -> process(value)).hasMessageContaining("/delay").hasMessageNotContaining("secret");
        assertThatThrownBy(() -> job.process(null)).hasMessageContaining("/delay");

        // Then
        assertThat(job.stored()).startsWith("{\"count\":1,");
        assertThat(job.emitted()).hasSize(1);
    }

    @Test
    void shouldAskForItsSetting() {
        assertThatThrownBy(() -> new OneKey<>(new AggregateProcessor(Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cairn.aggregate.value is not set")
                .hasMessageContaining("/delay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delay", "#/delay", "/a~", "/a~2", "$.delay", ""})
    void shouldRefuseWhatIsNoPointer(String setting) {
        assertThatThrownBy(() -> new OneKey<>(new AggregateProcessor(Optional.of(setting))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cairn.aggregate.value=" + setting + " is not a JSON pointer");
    }

    private void process(String value) throws Exception {
        job.process(value.getBytes(StandardCharsets.UTF_8));
    }
}
