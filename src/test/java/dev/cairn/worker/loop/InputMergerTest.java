package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InputMergerTest {

    private static final int A = 0;
    private static final int B = 1;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** What the broker has behind what was fetched, by input; unknown at first. */
    private final OptionalLong[] backlog = new OptionalLong[] {OptionalLong.empty(), OptionalLong.empty()};

    private final long[] offsets = new long[2];
    private long now;

    @Test
    void shouldChooseLeastTimestamp() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 1, 4, 5);
        add(merger, B, 2, 3, 6);
        known(0, 0);

        assertThat(drain(merger)).containsExactly("a1", "b2", "b3", "a4", "a5", "b6");
    }

    @Test
    void shouldKeepOrderOfOneTopicWhoseTimestampsGoBack() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 5, 1, 9);
        add(merger, B, 4, 6);
        known(0, 0);

        assertThat(drain(merger)).containsExactly("b4", "a5", "a1", "b6", "a9");
    }

    @Test
    void shouldPreferTheTopicNamedFirstOfEqualTimestamps() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, B, 1, 2, 2);
        add(merger, A, 1, 2, 2);
        known(0, 0);

        assertThat(drain(merger)).containsExactly("a1", "b1", "a2", "a2", "b2", "b2");
    }

    @Test
    void shouldWaitForWhatTheBrokerHas() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 1, 3);
        backlog[B] = OptionalLong.of(7);
        assertThat(drain(merger)).isEmpty();

        add(merger, B, 2);
        assertThat(drain(merger)).containsExactly("a1", "b2");

        known(0, 0);
        assertThat(drain(merger)).containsExactly("a3");
    }

    @Test
    void shouldWaitWhileItIsUnknownWhatTheBrokerHas() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 1);
        now += 1_000 * SECOND;
        assertThat(drain(merger)).isEmpty();

        known(0, 0);
        assertThat(drain(merger)).containsExactly("a1");
    }

    @Test
    void shouldLookAgainAtAnInputThatRunsEmptyInBetween() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 1, 4);
        add(merger, B, 2);
        backlog[B] = OptionalLong.of(1);

        assertThat(drain(merger)).containsExactly("a1", "b2");
        assertThat(merger.holdsRecords()).isTrue();
    }

    @Test
    void shouldWaitNoLongerThanMaxIdleFromWhenTheOthersWereReady() {
        InputMerger merger = merger(Duration.ofSeconds(2));
        known(0, 0);
        // Nothing is ready: nothing is waited for.
        assertThat(drain(merger)).isEmpty();
        now += 10 * SECOND;
        add(merger, A, 1, 2);
        assertThat(drain(merger)).isEmpty();
        now += 2 * SECOND - 1;
        assertThat(drain(merger)).isEmpty();
        now += 1;
        assertThat(drain(merger)).containsExactly("a1", "a2");
    }

    @Test
    void shouldNotWaitAgainForAnInputThatIsIdleUntilItHasARecord() {
        InputMerger merger = merger(Duration.ofSeconds(2));
        known(0, 0);
        add(merger, A, 1);
        drain(merger);
        now += 2 * SECOND;
        assertThat(drain(merger)).containsExactly("a1");
        add(merger, A, 2);
        assertThat(drain(merger)).containsExactly("a2");

        add(merger, B, 3);
        add(merger, A, 4, 5);
        assertThat(drain(merger)).containsExactly("b3");
        now += 2 * SECOND - 1;
        assertThat(drain(merger)).isEmpty();
        now += 1;
        assertThat(drain(merger)).containsExactly("a4", "a5");
    }

    @Test
    void shouldWaitForNothingBelowZero() {
        InputMerger merger = merger(Duration.ofMillis(-1));
        add(merger, A, 1);
        backlog[B] = OptionalLong.of(100);

        assertThat(drain(merger)).containsExactly("a1");
    }

    @Test
    @Tag("rule-C21")
    void shouldMoveThePositionOverWhatHoldsNoRecordsOnlyOnceAllBeforeItIsProcessed() {
        InputMerger merger = merger(Duration.ZERO);
        merger.restart(A, 10);
        assertThat(merger.position(A)).isEqualTo(10);
        merger.add(A, List.of(record(A, 10, 1), record(A, 11, 2)), 12);
        // Control records and aborted ones behind them.
        merger.add(A, List.of(), 15);
        known(0, 0);

        merger.take(merger.next(now, this::backlog));
        assertThat(merger.position(A)).isEqualTo(11);
        merger.take(merger.next(now, this::backlog));
        assertThat(merger.position(A)).isEqualTo(15);

        merger.add(A, List.of(), 20);
        assertThat(merger.position(A)).isEqualTo(20);
    }

    @Test
    void shouldBeFullByRecordsOfOneInput() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 1, 2, 3);
        assertThat(merger.isFull(A)).isTrue();
        assertThat(merger.isFull(B)).isFalse();

        known(0, 0);
        merger.take(merger.next(now, this::backlog));
        assertThat(merger.isFull(A)).isFalse();
    }

    @Test
    void shouldBeFullByBytesOfAllPartitionsButNeverWhereItIsEmpty() {
        InputMerger.Buffered buffered = new InputMerger.Buffered(1_000);
        InputMerger one = new InputMerger(2, Duration.ZERO, 100, buffered);
        InputMerger other = new InputMerger(2, Duration.ZERO, 100, buffered);
        add(one, A, 1, 2, 3, 4, 5, 6);
        add(other, B, 1);

        assertThat(one.isFull(A)).isTrue();
        assertThat(one.isFull(B)).isFalse();
        assertThat(other.isFull(A)).isFalse();
        assertThat(other.isFull(B)).isTrue();

        one.restart(A, 0);
        assertThat(other.isFull(B)).isFalse();
        other.restart(B, 0);
        assertThat(buffered.bytes()).isZero();
    }

    @Test
    void shouldForgetEverythingWhenItIsRestarted() {
        InputMerger merger = merger(Duration.ZERO);
        add(merger, A, 1, 2);
        merger.restart(A, 100);
        merger.restart(B, 200);

        assertThat(merger.holdsRecords()).isFalse();
        assertThat(merger.position(A)).isEqualTo(100);
        assertThat(merger.fetchedTo(B)).isEqualTo(200);
        assertThat(merger.next(now, this::backlog)).isEqualTo(InputMerger.NONE);
    }

    private static InputMerger merger(Duration maxIdle) {
        return new InputMerger(2, maxIdle, 3, new InputMerger.Buffered(1 << 20));
    }

    private void add(InputMerger merger, int input, long... timestamps) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long timestamp : timestamps) {
            records.add(record(input, offsets[input]++, timestamp));
        }
        merger.add(input, records, offsets[input]);
    }

    private void known(long... more) {
        Arrays.setAll(backlog, input -> OptionalLong.of(more[input]));
    }

    private OptionalLong backlog(int input) {
        return backlog[input];
    }

    private List<String> drain(InputMerger merger) {
        merger.polled();
        List<String> drained = new ArrayList<>();
        for (int next = merger.next(now, this::backlog);
                next != InputMerger.NONE;
                next = merger.next(now, this::backlog)) {
            ConsumerRecord<byte[], byte[]> record = merger.take(next);
            drained.add(record.topic() + record.timestamp());
        }
        return drained;
    }

    private static ConsumerRecord<byte[], byte[]> record(int input, long offset, long timestamp) {
        return new ConsumerRecord<>(
                input == A ? "a" : "b",
                0,
                offset,
                timestamp,
                TimestampType.CREATE_TIME,
                1,
                1,
                new byte[1],
                new byte[1],
                new RecordHeaders(),
                Optional.empty());
    }
}
