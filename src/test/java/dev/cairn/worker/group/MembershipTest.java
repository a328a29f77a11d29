package dev.cairn.worker.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A session of ten seconds, which counts nine, and a heartbeat every two. */
class MembershipTest {

    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration MOST_BETWEEN_POLLS = Duration.ofMinutes(5);

    private long nanos;
    private int answers;
    private final Membership membership = new Membership(SESSION, MOST_BETWEEN_POLLS, () -> nanos);

    @BeforeEach
    void join() {
        nanos = Duration.ofHours(1).toNanos();
        membership.of(() -> answers);
        membership.polling();
        membership.joining();
        pass(Duration.ofSeconds(1));
        membership.joined();
    }

    @Test
    void shouldNotHoldBeforeItHasJoined() {
        assertThat(new Membership(SESSION, MOST_BETWEEN_POLLS).holds()).isFalse();
    }

    @Test
    void shouldHoldForASessionFromTheRequestToJoin() {
        assertThat(membership.holds()).isTrue();
        pass(Duration.ofMillis(7_900));
        assertThat(membership.holds()).isTrue();
        pass(Duration.ofMillis(100));
        assertThat(membership.holds()).isFalse();
    }

    @Test
    void shouldHoldAsLongAsHeartbeatsAreAnswered() {
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofSeconds(2));
            membership.polling();
            answer();
            assertThat(membership.holds()).isTrue();
        }
        pass(Duration.ofSeconds(6));
        assertThat(membership.holds()).isFalse();
    }

    @Test
    @Tag("rule-K4")
    void shouldNotTakeTheLastAnswerForAConfirmation() {
        // Given
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(2));
            answer();
        }

        // When: frozen with a heartbeat under way, whose answer is read late; the next one is answered with a refusal
        pass(Duration.ofMinutes(1));
        membership.polling();
        membership.look();
        assertThat(membership.holds()).isFalse();
        answer();
        assertThat(membership.holds()).isFalse();
        pass(Duration.ofMillis(100));
        answer();

        // Then
        assertThat(membership.holds()).isFalse();
        membership.lost();
        membership.joining();
        assertThat(membership.holds()).isFalse();
        membership.joined();
        assertThat(membership.holds()).isTrue();
    }

    @Test
    void shouldNotHoldWhileTheLoopDoesNotTakePartInRebalances() {
        for (int i = 0; i < 75; i++) {
            pass(Duration.ofSeconds(2));
            answer();
        }
        assertThat(membership.holds()).isFalse();
        membership.polling();
        assertThat(membership.holds()).isTrue();
    }

    @Test
    @Tag("rule-K4")
    void shouldNotHoldOnceThePartitionsAreLost() {
        membership.lost();
        assertThat(membership.holds()).isFalse();
    }

    private void answer() {
        membership.look();
        answers++;
        pass(Duration.ofMillis(10));
        membership.look();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
