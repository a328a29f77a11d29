package dev.cairn.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulSetTest {

    @ParameterizedTest
    @CsvSource({"3, 0, 0, true", "3, 0, 2, true", "3, 0, 3, false", "0, 0, 0, false", "2, 5, 4, false", "2, 5, 6, true"
    })
    void shouldWantOrdinalsFromItsStart(int replicas, int start, int ordinal, boolean wanted) {
        assertThat(new StatefulSet(replicas, start).wants(ordinal)).isEqualTo(wanted);
    }

    @Test
    void shouldReadWhatItWants() throws IOException {
        assertThat(parse("{\"spec\":{\"replicas\":2},\"status\":{\"replicas\":3}}"))
                .isEqualTo(new StatefulSet(2, 0));
        assertThat(parse("{\"spec\":{\"replicas\":2,\"ordinals\":{\"start\":4}}}"))
                .isEqualTo(new StatefulSet(2, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"spec\":{\"replicas\":\"2\"}}", "", "<html>"})
    void shouldRefuseWhatDoesNotSay(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldReadAPodsOrdinal() {
        assertThat(StatefulSet.ordinal("cairn-0")).hasValue(0);
        assertThat(StatefulSet.ordinal("delays-of-2026-12")).hasValue(12);
        assertThat(StatefulSet.ordinal("cairn")).isEmpty();
        assertThat(StatefulSet.ordinal("cairn-x1")).isEmpty();
        assertThat(StatefulSet.ordinal("cairn-99999999999")).isEmpty();
    }

    private static StatefulSet parse(String json) throws IOException {
        return StatefulSet.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
