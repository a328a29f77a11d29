package dev.cairn.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class EndWatchTest {

    private long now;
    private Duration sinceContact = Duration.ZERO;
    private final EndWatch end = new EndWatch(() -> sinceContact, () -> now);

    @Test
    void shouldWaitForeverWhileNobodyHasAskedForTheEnd() {
        sinceContact = Duration.ofHours(1);
        pass(3600);

        assertThat(end.givesUp(0)).isFalse();
        assertThat(end.isCutOff()).isTrue();
    }

    @Test
    void shouldGiveEveryCallSomeSecondsWhileKafkaAnswers() {
        end.asked();
        pass(4);
        assertThat(end.givesUp(0)).isFalse();
        pass(1);
        assertThat(end.givesUp(0)).isTrue();

        long began = now;
        assertThat(end.givesUp(began)).isFalse();
        pass(5);
        assertThat(end.givesUp(began)).isTrue();
    }

    @Test
    void shouldGiveUpEveryCallWhenKafkaAnswersNothing() {
        end.asked();
        sinceContact = Duration.ofSeconds(30);
        assertThat(end.givesUp(now)).isFalse();
        pass(5);
        assertThat(end.givesUp(now)).isTrue();
    }

    @Test
    void shouldCountFromTheFirstTimeThatItWasAsked() {
        end.asked();
        pass(4);
        end.asked();
        pass(1);

        assertThat(end.givesUp(0)).isTrue();
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }
}
