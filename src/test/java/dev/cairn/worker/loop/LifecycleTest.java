package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.worker.loop.CheckpointInFlight.Phase;
import dev.cairn.worker.status.Lifecycle;

class LifecycleTest {

    private static final int ROUNDS = 2_000;
    private static final int THREADS = 4;

    @Test
    void shouldMoveAlongAnAllowedTransition() {
        Lifecycle<Phase> phase = new Lifecycle<>(Phase.PREPARING);

        assertThat(phase.move(Phase.PREPARING, Phase.PREPARED)).isTrue();
        assertThat(phase.become(Phase.COMMITTING)).isEqualTo(Phase.PREPARED);
        assertThat(phase.get()).isEqualTo(Phase.COMMITTING);
    }

    @Test
    void shouldNotMoveFromWhereItDoesNotStand() {
        Lifecycle<Phase> phase = new Lifecycle<>(Phase.COMMITTING);

        assertThat(phase.move(Phase.PREPARING, Phase.PREPARED)).isFalse();
        assertThat(phase.get()).isEqualTo(Phase.COMMITTING);
    }

    @Test
    void shouldRefuseATransitionThatTheEnumDoesNotAllow() {
        Lifecycle<Phase> phase = new Lifecycle<>(Phase.PREPARING);

        assertThatIllegalStateException()
                .isThrownBy(() -> phase.become(Phase.DONE))
                .withMessage("Phase: PREPARING cannot become DONE");
        assertThat(phase.get()).isEqualTo(Phase.PREPARING);
    }

    /** What is or may be committed is never given up, and what was refused never counts as committed. */
    @Test
    @Tag("rule-C8")
    void shouldNeverAbandonWhatMayBeCommitted() {
        Set<Phase> maybeCommitted = EnumSet.of(Phase.COMMITTING, Phase.DONE, Phase.UNKNOWN, Phase.STRANDED);

        for (Phase phase : Phase.values()) {
            assertThat(phase.canBecome(Phase.ABANDONED))
                    .as("%s may be abandoned", phase)
                    .isEqualTo(!maybeCommitted.contains(phase) && phase != Phase.ABANDONED);
        }
    }

    @Test
    void shouldLetOneOfManyThreadsMoveIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier together = new CyclicBarrier(THREADS);
            for (int round = 0; round < ROUNDS; round++) {
                Lifecycle<Phase> phase = new Lifecycle<>(Phase.PREPARING);
                List<Future<Boolean>> moves = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    Phase to = thread % 2 == 0 ? Phase.PREPARED : Phase.FAILED;
                    moves.add(threads.submit(() -> {
                        together.await();
                        return phase.move(Phase.PREPARING, to);
                    }));
                }
                int moved = 0;
                for (Future<Boolean> move : moves) {
                    moved += move.get() ? 1 : 0;
                }
                assertThat(moved).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
