package dev.cairn.testkit.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void shouldPassSettingsAndFollowOutput() {
        try (WorkerProcess process = start()) {
            assertThat(process.awaitOutput("^job is", LIMIT)).isEqualTo("job is orders");
            assertThat(process.outputFile()).content().contains("job is orders");
        }
    }

    @Test
    void shouldEndInGoodOrderWhenTerminated() {
        try (WorkerProcess process = start()) {
            // Given
            process.awaitOutput("^job is", LIMIT);
            process.suspend();
            process.resume();

            // When
            int exitCode = process.terminate(LIMIT);

            // Then
            assertThat(exitCode).isEqualTo(128 + 15);
            assertThat(process.output()).endsWith("good bye");
        }
    }

    @Test
    void shouldEndAtOnceWhenKilled() {
        try (WorkerProcess process = start()) {
            // Given
            process.awaitOutput("^job is", LIMIT);
            process.suspend();

            // When
            process.kill9();

            // Then
            assertThat(process.isAlive()).isFalse();
            assertThat(process.awaitExit(LIMIT)).isEqualTo(128 + 9);
            assertThat(process.output()).doesNotContain("good bye");
        }
    }

    @Test
    void shouldShowEndOfOutputWhenAwaitedLineCannotComeAnyMore() {
        try (WorkerProcess process = start()) {
            // Given
            process.awaitOutput("^job is", LIMIT);
            process.kill9();

            // When, Then
            assertThatThrownBy(() -> process.awaitOutput("never", LIMIT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("exit code 137")
                    .hasMessageContaining("| job is orders");
        }
    }

    private WorkerProcess start() {
        return WorkerProcess.ofMain(Idle.class)
                .directory(directory)
                .set("cairn.job", "orders")
                .start();
    }

    /** Says which job it has, and waits to be ended. */
    static final class Idle {

        private Idle() {}

        public static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("good bye")));
            System.out.println("job is " + System.getenv("CAIRN_JOB"));
            Thread.currentThread().join();
        }
    }
}
