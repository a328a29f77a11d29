package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class PartitionTimeTest {

    private static final long MILLI = 1_000_000;

    @Test
    void shouldBeTheLeastOfAllInputsLessTheOutOfOrderness() {
        // Given
        PartitionTime time = time(5, null);

        // When, then
        time.saw("a", 100);
        assertThat(time.watermark()).isEqualTo(PartitionTime.NONE);
        time.saw("b", 50);
        assertThat(time.watermark()).isEqualTo(45);
        time.saw("b", 40);
        assertThat(time.watermark()).isEqualTo(45);
        time.saw("b", 200);
        assertThat(time.watermark()).isEqualTo(95);
        time.saw("a", -1);
        assertThat(time.watermark()).isEqualTo(95);
    }

    @Test
    void shouldNotBeHeldBackByAnIdleInput() {
        // Given
        PartitionTime time = time(0, null);
        time.saw("a", 100);

        // When: the broker has no more of b for a second, and that was looked at all the time
        for (int millis = 0; millis <= 900; millis += 100) {
            time.quiet("b", true, millis * MILLI);
        }
        assertThat(time.watermark()).isEqualTo(PartitionTime.NONE);
        time.quiet("b", true, 1_000 * MILLI);

        // Then
        assertThat(time.watermark()).isEqualTo(100);
        time.saw("a", 300);
        assertThat(time.watermark()).isEqualTo(300);

        // When: it comes again, with what is old
        time.saw("b", 10);
        time.saw("a", 400);

        // Then: it never goes backwards, and b counts again
        assertThat(time.watermark()).isEqualTo(300);
        time.saw("b", 350);
        assertThat(time.watermark()).isEqualTo(350);
    }

    @Test
    void shouldTakeAnInputForIdleThoughLooksAreFarApart() {
        // Given: records of the other one take long
        PartitionTime time = time(0, null);
        time.saw("a", 100);
        time.quiet("b", true, 0);

        // When
        for (int look = 1; look <= 4; look++) {
            assertThat(time.watermark()).isEqualTo(PartitionTime.NONE);
            time.quiet("b", true, look * 2_500L * MILLI);
        }

        // Then
        assertThat(time.watermark()).isEqualTo(100);
    }

    @Test
    void shouldTakeNoTimestampForTheTimeThatIsNone() {
        // Given
        PartitionTime time = time(0, null);

        // When: microseconds of the year 2023, and the largest number
        time.saw("a", 1_700_000_000_000_000L);
        time.saw("a", Long.MAX_VALUE);
        time.saw("b", 5);

        // Then
        assertThat(time.watermark()).isEqualTo(PartitionTime.NONE);
    }

    @Test
    void shouldNotTakeAnInputForIdleThatNoOneHasLookedAt() {
        // Given
        PartitionTime time = time(0, null);
        time.saw("a", 100);
        time.quiet("b", true, 0);

        // When: the loop was held in between
        time.quiet("b", true, 60_000 * MILLI);
        assertThat(time.watermark()).isEqualTo(PartitionTime.NONE);

        // When: the broker had more in between
        time.quiet("b", true, 60_500 * MILLI);
        time.quiet("b", false, 60_900 * MILLI);
        time.quiet("b", true, 61_100 * MILLI);
        time.quiet("b", true, 61_600 * MILLI);

        // Then
        assertThat(time.watermark()).isEqualTo(PartitionTime.NONE);
    }

    @Test
    void shouldBeWhereTheFarthestInputIsWhenAllAreIdle() {
        // Given
        PartitionTime time = time(0, null);
        time.saw("a", 100);
        time.saw("b", 50);

        // When
        for (int millis = 0; millis <= 1_200; millis += 100) {
            time.quiet("a", true, millis * MILLI);
            time.quiet("b", true, millis * MILLI);
        }

        // Then
        assertThat(time.watermark()).isEqualTo(100);
    }

    @Test
    void shouldContinueWhereTheCheckpointWas() {
        // Given
        PartitionTime before = time(0, null);
        before.saw("a", 100);
        before.saw("b", 50);
        EventTime frozen = before.freeze();
        assertThat(frozen).isEqualTo(new EventTime(50, Map.of("a", 100L, "b", 50L), 0));

        // When
        PartitionTime after = time(0, frozen);

        // Then: as it would have been without the restart
        assertThat(after.watermark()).isEqualTo(50);
        after.saw("b", 70);
        assertThat(after.watermark()).isEqualTo(70);
        assertThat(time(0, null).freeze()).isNull();
    }

    @Test
    void shouldGoBackWithTheRecords() {
        // Given
        PartitionTime time = time(0, null);
        time.saw("a", 10);
        time.saw("b", 10);
        time.freeze();
        time.releaseFrozen();
        time.saw("a", 20);
        time.saw("b", 20);
        time.freeze();
        time.saw("a", 30);
        time.saw("b", 30);

        // When
        time.rollBack();

        // Then
        assertThat(time.watermark()).isEqualTo(10);
        time.saw("b", 15);
        assertThat(time.watermark()).isEqualTo(10);
        time.saw("a", 12);
        assertThat(time.watermark()).isEqualTo(12);
    }

    @Test
    void shouldBeTheLeastWhereKeysComeFromSeveralPartitions() {
        EventTime one = new EventTime(10, Map.of("a", 10L), 3);
        EventTime other = new EventTime(7, Map.of("a", 8L), 4);
        assertThat(EventTime.ofSeveral(List.of(one, other))).isEqualTo(new EventTime(7, Map.of(), 0));
        // One that has seen no record has nothing that could fire too early.
        assertThat(EventTime.ofSeveral(Arrays.asList(one, null))).isEqualTo(new EventTime(10, Map.of(), 0));
        assertThat(EventTime.ofSeveral(Arrays.asList(null, null))).isNull();
        assertThat(EventTime.ofSeveral(List.of())).isNull();
    }

    private static PartitionTime time(int outOfOrdernessMillis, EventTime restored) {
        PartitionTime time = new PartitionTime(Duration.ofMillis(outOfOrdernessMillis), Duration.ofSeconds(1), () -> 0);
        time.start(List.of("a", "b"), restored);
        return time;
    }
}
