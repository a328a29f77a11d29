package dev.cairn.worker.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class HotKeysTest {

    private static final byte[] KEY = {1};

    @Test
    void shouldTakeTheHottestAndLargestOfSeveral() {
        // Given
        HotKeys first = new HotKeys(
                Instant.ofEpochMilli(2_000),
                300,
                List.of(updated(0, 100), updated(0, 50)),
                List.of(large("sums", 0, 10), large("names", 0, 70)));
        HotKeys second =
                new HotKeys(Instant.ofEpochMilli(1_000), 100, List.of(updated(1, 80)), List.of(large("names", 1, 90)));

        // When
        HotKeys both = HotKeys.of(List.of(first, HotKeys.NONE, second));

        // Then
        assertThat(both.since()).isEqualTo(Instant.ofEpochMilli(1_000));
        assertThat(both.records()).isEqualTo(400);
        assertThat(both.updates())
                .extracting(HotKeys.Updated::partition, HotKeys.Updated::count, HotKeys.Updated::share)
                .containsExactly(tuple(0, 100L, 0.25), tuple(1, 80L, 0.2), tuple(0, 50L, 0.125));
        assertThat(both.largest())
                .extracting(HotKeys.Large::state, HotKeys.Large::partition, HotKeys.Large::bytes)
                .containsExactly(tuple("names", 1, 90L), tuple("names", 0, 70L), tuple("sums", 0, 10L));
    }

    @Test
    void shouldShowAFewOfEach() {
        // Given
        List<HotKeys> pictures = IntStream.range(0, 100)
                .mapToObj(partition -> new HotKeys(
                        Instant.EPOCH.plusSeconds(1),
                        10,
                        List.of(updated(partition, 10)),
                        List.of(large("a", partition, 10), large("b", partition, 20))))
                .toList();

        // When
        HotKeys all = HotKeys.of(pictures);

        // Then
        assertThat(all.updates()).hasSize(HotKeys.MOST);
        assertThat(all.largest()).hasSize(2 * HotKeys.MOST);
    }

    @Test
    void shouldKnowNothingOfNothing() {
        assertThat(HotKeys.of(List.of(HotKeys.NONE, HotKeys.NONE))).isSameAs(HotKeys.NONE);
    }

    private static HotKeys.Updated updated(int partition, long count) {
        return new HotKeys.Updated(KEY, partition, count, 1, 0);
    }

    private static HotKeys.Large large(String state, int partition, long bytes) {
        return new HotKeys.Large(state, KEY, partition, bytes);
    }
}
