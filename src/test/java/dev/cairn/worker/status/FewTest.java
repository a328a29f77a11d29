package dev.cairn.worker.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class FewTest {

    @Test
    void shouldNameThreeAndCountTheOthers() {
        assertThat(Few.of(List.of())).isEmpty();
        assertThat(Few.of(List.of(1, 2, 3))).isEqualTo("1, 2, 3");
        assertThat(Few.of(List.of(1, 2, 3, 4, 5))).isEqualTo("1, 2, 3, and 2 more");
    }
}
