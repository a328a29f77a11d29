package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySketchTest {

    private static final int HOT = 10;

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void shouldFindTheHotKeysOfASkewedStreamWithinTheirBounds(int stride) {
        // Given: ten keys share a fifth of the records, the hottest has most of that; a million others the rest
        SplittableRandom random = new SplittableRandom(7);
        KeySketch keys = new KeySketch(0);
        keys.stride(stride);
        Map<String, Integer> truth = new HashMap<>();
        int records = 1_000_000;

        // When
        for (int i = 0; i < records; i++) {
            String key = random.nextInt(5) == 0
                    ? "hot-" + Integer.numberOfTrailingZeros(random.nextInt(1 << (HOT - 1)) | 1 << (HOT - 1))
                    : "cold-" + random.nextInt(1_000_000);
            truth.merge(key, 1, Integer::sum);
            keys.add(bytes(key));
        }

        // Then
        List<KeyCount> top = keys.top(5);
        assertThat(top).extracting(KeySketchTest::text).containsExactly("hot-0", "hot-1", "hot-2", "hot-3", "hot-4");
        assertThat(top).allSatisfy(hot -> {
            long count = truth.get(text(hot));
            assertThat(hot.count()).isBetween(count - hot.bound(), count + hot.bound());
            assertThat(hot.bound()).isLessThan(records / 100);
        });
        assertThat(keys.records()).isCloseTo(records, Percentage.withPercentage(1));
    }

    @Test
    void shouldCountExactlyWhileThereAreFewKeys() {
        // Given
        KeySketch keys = new KeySketch(0);

        // When
        for (int i = 0; i < 30; i++) {
            keys.add(bytes(i % 3 == 0 ? "a" : "b"));
        }
        keys.add(null);

        // Then
        assertThat(keys.top(10))
                .extracting(KeySketchTest::text, KeyCount::count, KeyCount::bound)
                .containsExactly(tuple("b", 20L, 0L), tuple("a", 10L, 0L));
        assertThat(keys.records()).isEqualTo(31);
    }

    @Test
    void shouldForgetAKeyThatHasCooledDown() {
        // Given
        long window = KeySketch.WINDOW.toNanos();
        KeySketch keys = new KeySketch(0);
        keys.add(bytes("old"));
        keys.rotateIfDue(window);
        keys.add(bytes("new"));
        assertThat(keys.top(10)).extracting(KeySketchTest::text).containsExactlyInAnyOrder("old", "new");
        assertThat(keys.sinceNanos()).isZero();

        // When
        keys.rotateIfDue(2 * window);

        // Then
        assertThat(keys.top(10)).extracting(KeySketchTest::text).containsExactly("new");
        assertThat(keys.records()).isEqualTo(1);
        assertThat(keys.sinceNanos()).isEqualTo(window);
    }

    @Test
    void shouldKeepNoMoreKeysThanItsBoundAndNoneThatIsVeryLong() {
        // Given
        KeySketch keys = new KeySketch(0);

        // When
        keys.add(new byte[1 << 20]);
        for (int i = 0; i < 200_000; i++) {
            keys.add(bytes("key-" + i));
        }

        // Then
        assertThat(keys.top(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(768);
        assertThat(keys.top(Integer.MAX_VALUE))
                .allSatisfy(hot -> assertThat(hot.key()).hasSizeLessThan(100));
    }

    private static String text(KeyCount count) {
        return new String(count.key(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
