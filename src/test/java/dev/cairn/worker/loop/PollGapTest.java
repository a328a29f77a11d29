package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.RollBackException;

class PollGapTest {

    private static final TopicPartition INPUT = new TopicPartition("in", 0);
    private static final List<TopicPartition> LOST = List.of(INPUT);

    private long nanos;
    private final PollGap gap = new PollGap(Duration.ofSeconds(6), () -> nanos);

    @Test
    void shouldNotBlameTheLoopThatHasPolledInTime() {
        pass(Duration.ofSeconds(6));
        gap.polling();

        RollBackException lost = gap.lost(LOST);

        assertThat(lost.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(lost).hasMessage("the group has taken partition 0 away");
    }

    @Test
    void shouldNameTheRecordThatTookLongestAndTheSetting() {
        // Given
        gap.polled();
        step(1, 7, Duration.ofSeconds(1));
        step(1, 8, Duration.ofSeconds(7));
        step(1, 10, Duration.ofSeconds(2));

        // When
        gap.polling();

        // Then
        assertThat(gap.lost(LOST).kind()).isEqualTo(FailureKind.RETRIABLE);
        assertThat(gap.lost(LOST))
                .hasMessageContaining("did not poll for 10s, more than kafka.max.poll.interval.ms=6000 allows")
                .hasMessageContaining("It took 7s to process the record in-0@8.");
    }

    @Test
    void shouldNameTheLastOfSeveralRecords() {
        gap.polled();
        step(32, 39, Duration.ofSeconds(7));
        gap.polling();

        assertThat(gap.lost(LOST)).hasMessageContaining("to process 32 records, the last of them in-0@39.");
    }

    @Test
    void shouldNotBlameRecordsForOtherWork() {
        gap.polled();
        step(1, 9, Duration.ofMillis(5));
        pass(Duration.ofSeconds(9));
        gap.beginStep();
        step(1, 10, Duration.ofMillis(5));
        gap.polling();

        assertThat(gap.lost(LOST)).hasMessageContaining("No record took long.");
    }

    @Test
    void shouldBeginAnewWithEachPoll() {
        gap.polled();
        step(1, 9, Duration.ofSeconds(7));
        gap.polling();
        gap.polled();
        gap.polling();

        assertThat(gap.lost(LOST).kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }

    private void step(int count, long offset, Duration took) {
        pass(took);
        gap.endStep(new ConsumerRecord<>("in", 0, offset, null, null), count, nanos);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
