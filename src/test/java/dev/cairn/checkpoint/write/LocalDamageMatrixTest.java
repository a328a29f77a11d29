package dev.cairn.checkpoint.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.checkpoint.store.CheckpointVerifier;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.Verdict;

/**
 * A bit flipped in every kind of local file, while stopped and while running, with and without incremental checkpoints: what
 * follows, on this disk and elsewhere, holds what it has to, and everything that the store needs is whole.
 */
class LocalDamageMatrixTest {

    @TempDir
    Path directory;

    /** Kinds of files. */
    enum Kind {
        DELTA("[0-9]+\\.sst"),
        BASE("[0-9]+\\.sst"),
        MANIFEST("MANIFEST-[0-9]+"),
        CURRENT("CURRENT"),
        OPTIONS("OPTIONS-[0-9]+"),
        IDENTITY("IDENTITY"),
        LOG("LOG");

        private final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.of(true, false)
                .flatMap(running -> Stream.of(true, false).flatMap(incremental -> Stream.of(0.1, 0.6, 1.0)
                        .filter(where -> where == 0.6 || kind != Kind.LOG)
                        .map(where -> Arguments.of(kind, running, incremental, where)))));
    }

    @ParameterizedTest
    @Tag("rule-R16")
    @MethodSource("cases")
    void shouldHealWhateverIsDamaged(Kind kind, boolean running, boolean incremental, double where) throws Exception {
        try (LonePartition partition = new LonePartition(directory, incremental).start()) {
            // Given
            partition.large().large().large().small();
            if (kind == Kind.BASE) {
                partition.large().buildBase().small().restartElsewhere();
            }

            // When
            if (running) {
                damage(partition, kind, where);
            } else {
                partition.stop();
                damage(partition, kind, where);
                partition.start();
            }
            partition
                    .small()
                    .heal()
                    .large()
                    .heal()
                    .buildBase()
                    .heal()
                    .small()
                    .heal()
                    .tidy();

            // Then: here, in the store, elsewhere
            assertThat(partition.readsRightOnceHealed()).isTrue();
            assertThat(verdict(partition).bad()).isEmpty();
            assertThat(partition.small().restartElsewhere().isRight()).isTrue();
        }
    }

    private static void damage(LonePartition partition, Kind kind, double where) {
        long damaged = partition.files(kind.name).stream()
                .filter(file -> Damage.flipIfThere(file, where))
                .count();
        assertThat(damaged).isPositive();
    }

    private Verdict verdict(LonePartition partition) throws Exception {
        Path scratch = Files.createTempDirectory(directory, "scratch");
        return new CheckpointVerifier(partition.store(), scratch, Progress.NONE)
                .verify(partition.last().number());
    }
}
