package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionRangesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | partition 3",
                "3 4 | partitions 3, 4",
                "5 4 3 | partitions 3-5",
                "0 1 2 4 | partitions 0-2, 4",
                "9 0 7 8 2 | partitions 0, 2, 7-9",
                "127 128 129 200 | partitions 127-129, 200"
            })
    void shouldNameManyInAFewWords(String numbers, String named) {
        assertThat(PartitionRanges.named(Arrays.stream(numbers.split(" ", -1))
                        .map(Integer::valueOf)
                        .toList()))
                .isEqualTo(named);
    }

    @Test
    void shouldNameANumberOfSeveralTopicsOnce() {
        assertThat(PartitionRanges.of(
                        List.of(new TopicPartition("a", 1), new TopicPartition("b", 1), new TopicPartition("b", 2))))
                .isEqualTo("partitions 1, 2");
    }
}
