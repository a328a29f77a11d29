package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void shouldSayWhatManyValuesAreLike() {
        assertThat(Summary.of(LongStream.rangeClosed(1, 1_000).toArray()))
                .isEqualTo(new Summary(1, 1_000, 501, 500, 900, 950, 990, 999));
        assertThat(Summary.of(3, 1, 2)).isEqualTo(new Summary(1, 3, 2, 2, 3, 3, 3, 3));
        assertThat(Summary.of(7)).isEqualTo(new Summary(7, 7, 7, 7, 7, 7, 7, 7));
        assertThat(Summary.of()).isEqualTo(new Summary(0, 0, 0, 0, 0, 0, 0, 0));
    }
}
