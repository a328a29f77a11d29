package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.cairn.storage.StoreFailure.Access;
import dev.cairn.testkit.LogLines;

@SuppressWarnings("StaticAssignmentOfThrowable") // No one looks at their traces.
class StoreStandingTest {

    private static final StorageException AWAY = new StorageException("cannot store s3://b/x: connection refused");
    private static final StorageException FULL =
            new StorageException("cannot store file:/x", new IOException("No space left on device"));

    private final LogLines lines = new LogLines(StoreStanding.class);
    private long now;
    private final StoreStanding standing =
            StoreStanding.logging("s3://b", "execution.checkpointing.timeout=5min", () -> now);

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void shouldLogTheFirstFailureAtOnceAndThenOneAMinute() {
        for (int second = 0; second < 150; second++) {
            standing.failed(Access.WRITE, AWAY);
            pass(Duration.ofSeconds(1));
        }

        assertThat(lines.soFar())
                .containsExactly(
                        "the store fails: cannot store s3://b/x: connection refused; it is tried again for up to"
                                + " execution.checkpointing.timeout=5min",
                        "the store has been failing for 60 s, in 61 attempts: cannot store s3://b/x: connection refused; it is"
                                + " tried again for up to execution.checkpointing.timeout=5min",
                        "the store has been failing for 120 s, in 121 attempts: cannot store s3://b/x: connection refused; it"
                                + " is tried again for up to execution.checkpointing.timeout=5min");
    }

    @Test
    void shouldLogTheEndOnceAllKindsOfCallsSucceed() {
        standing.failed(Access.WRITE, AWAY);
        standing.failed(Access.READ, AWAY);
        pass(Duration.ofSeconds(7));
        standing.succeeded(Access.READ);
        assertThat(lines.soFar()).hasSize(1);

        standing.succeeded(Access.WRITE);
        standing.succeeded(Access.WRITE);

        assertThat(lines.soFar()).hasSize(2).last().isEqualTo("the store at s3://b answers again, after 7 s");
        assertThat(standing.status().failing()).isEmpty();
    }

    /** A store that fails now and then must not fill the log. */
    @Test
    void shouldLogNoMoreThanOneFailureAMinuteWhereTheyComeAndGo() {
        for (int second = 0; second < 50; second++) {
            standing.failed(Access.WRITE, AWAY);
            standing.succeeded(Access.WRITE);
            pass(Duration.ofSeconds(1));
        }

        assertThat(lines.soFar()).hasSize(2);
    }

    @Test
    void shouldSayWhatToDoAboutWhatIsNotTriedAgain() {
        standing.failed(Access.WRITE, FULL);

        assertThat(lines.soFar())
                .containsExactly(
                        "the store fails: cannot store file:/x; it is not tried again. Free or add space, or make the"
                                + " store writable");
    }

    @Test
    void shouldShowWritesFirstAndSinceWhenTheyFail() {
        standing.failed(Access.READ, AWAY);
        pass(Duration.ofSeconds(3));
        standing.failed(Access.WRITE, AWAY);
        pass(Duration.ofSeconds(4));
        standing.failed(Access.WRITE, FULL);

        assertThat(standing.status().failing())
                .extracting(StoreFailure::access)
                .containsExactly(Access.WRITE, Access.READ);
        StoreFailure writes = standing.status().failingWrites().orElseThrow();
        assertThat(writes.fault()).isEqualTo(StoreFault.NO_SPACE);
        assertThat(writes.attempts()).isEqualTo(2);
        assertThat(writes.lasting()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void shouldBeSilentForCommands() {
        StoreStanding silent = StoreStanding.silent("s3://b");

        silent.failed(Access.WRITE, AWAY);
        silent.succeeded(Access.WRITE);

        assertThat(lines.soFar()).isEmpty();
    }

    @Test
    void shouldKnowNothingBeforeTheFirstCall() {
        assertThat(standing.status()).isEqualTo(StoreStatus.UNKNOWN);
    }

    @Test
    void shouldTellHowLongAgoItAnswered() {
        standing.succeeded(Access.WRITE);
        pass(Duration.ofSeconds(5));
        standing.failed(Access.WRITE, AWAY);
        pass(Duration.ofSeconds(7));

        assertThat(standing.status().sinceContact()).contains(Duration.ofSeconds(12));
        assertThat(standing.status().failing())
                .containsExactly(new StoreFailure(
                        Access.WRITE, StoreFault.TRANSIENT, AWAY.getMessage(), Duration.ofSeconds(7), 1));
    }

    @Test
    void shouldNotTakeAFullStoreForAGoodOneBecauseItCanBeRead() {
        standing.failed(Access.WRITE, FULL);
        standing.succeeded(Access.READ);

        assertThat(standing.status().failingWrites()).isPresent();

        standing.succeeded(Access.WRITE);

        assertThat(standing.status().failing()).isEmpty();
    }

    @Test
    void shouldForgetAFailureThatNothingHasFollowed() {
        standing.failed(Access.DELETE, AWAY);
        pass(Duration.ofSeconds(121));
        assertThat(standing.status().failing()).isEmpty();

        standing.failed(Access.DELETE, AWAY);

        assertThat(standing.status().failing()).singleElement().satisfies(failure -> {
            assertThat(failure.lasting()).isZero();
            assertThat(failure.attempts()).isEqualTo(1);
        });
    }

    @Test
    void shouldNotBlameTheStoreForACallThatWasInterrupted() {
        standing.failed(Access.WRITE, new StorageException("interrupted", new InterruptedException()));

        assertThat(standing.status().failing()).isEmpty();
        assertThat(lines.soFar()).isEmpty();
    }

    @Test
    void shouldTakeACallWithoutAnAnswerForAFailure() {
        Wait wait = standing.waits(Wait.of(Access.WRITE, "create", "x"));
        pass(Duration.ofSeconds(9));
        assertThat(standing.status().failing()).isEmpty();

        pass(Duration.ofSeconds(2));

        assertThat(standing.status().failingWrites().orElseThrow().lasting()).isEqualTo(Duration.ofSeconds(11));
        assertThat(lines.soFar())
                .containsExactly(
                        "the store fails: cannot create s3://b/x: the store has not answered for 11 s; it is tried"
                                + " again for up to execution.checkpointing.timeout=5min");

        pass(Duration.ofMinutes(5));
        standing.status();
        pass(Duration.ofSeconds(1));

        assertThat(standing.status().failingWrites().orElseThrow().attempts()).isEqualTo(1);
        assertThat(lines.soFar()).hasSize(2);

        standing.over(wait);
        standing.succeeded(Access.WRITE);

        assertThat(standing.status().failing()).isEmpty();
        assertThat(lines.soFar()).last().asString().startsWith("the store at s3://b answers again");
    }

    @Test
    void shouldNotTakeACallForAFailureWhoseAnswerIsComing() {
        Wait wait = standing.waits(Wait.of(Access.READ, "download", "x"));
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofSeconds(9));
            wait.moved();
        }
        standing.waits(Wait.of(Access.WRITE, "store", "y").more(Duration.ofSeconds(90)));
        pass(Duration.ofSeconds(9));

        assertThat(standing.status().failing()).isEmpty();
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
