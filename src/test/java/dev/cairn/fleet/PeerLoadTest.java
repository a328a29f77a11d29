package dev.cairn.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class PeerLoadTest {

    private static final URI WORKER = URI.create("http://worker:1");

    private final AtomicLong now = new AtomicLong();
    private final PeerLoad load = new PeerLoad(now::get);

    @Test
    void shouldAskAWorkerHoweverManyMembersHang() {
        // Given
        load.begin(WORKER);
        load.answered(WORKER);
        load.end(WORKER, true);

        // When
        int asked = 0;
        for (int i = 0; i < 1_000; i++) {
            asked += load.begin(member(i)).isEmpty() ? 1 : 0;
        }

        // Then
        assertThat(asked).isEqualTo(128);
        assertThat(load.begin(member(1_000))).hasValueSatisfying(why -> assertThat(why)
                .contains("128 questions wait for answers of members of the group that have never answered"));
        assertThat(load.begin(WORKER)).isEmpty();

        // When
        load.end(member(0), false);

        // Then
        assertThat(load.begin(member(1_000))).isEmpty();
    }

    @Test
    void shouldLeaveAWorkerAloneThatHasBeenSilent() {
        // When
        load.begin(WORKER);
        load.end(WORKER, false);

        // Then
        assertThat(load.begin(WORKER)).contains("has not answered the question before in time");

        // When
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        // Then
        assertThat(load.begin(WORKER)).isEmpty();
    }

    private static URI member(int number) {
        return URI.create("http://member-" + number + ":1");
    }
}
