package dev.cairn.checkpoint.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.state.DatabaseInUseException;

class LocalDirectoryTest {

    @TempDir
    Path root;

    /** A second attempt must not take the lock from the first one: a system forgets it when any of the files is closed. */
    @Test
    @Tag("rule-S7")
    void shouldKeepOtherProcessesOutAfterASecondAttemptInThisOne() throws Exception {
        LocalDirectory local = LocalDirectory.of(List.of(root), "orders", "worker-1", 0);
        try (LocalDirectory.Hold hold = local.hold()) {
            assertThat(hold).isNotNull();
            assertThatThrownBy(local::hold).isInstanceOf(DatabaseInUseException.class);
            Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("orders"));
            assertThatThrownBy(() ->
                            LocalDirectory.of(List.of(link), "", "worker-1", 0).hold())
                    .isInstanceOf(DatabaseInUseException.class);

            assertThat(anotherProcessCanLock()).isFalse();
        }
        assertThat(anotherProcessCanLock()).isTrue();
    }

    @Test
    @Tag("rule-S7")
    void shouldLetOnlyTheOwnerIn() throws IOException {
        try (LocalDirectory.Hold hold =
                LocalDirectory.of(List.of(root), "orders", "worker-1", 0).hold()) {
            assertThat(hold).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("orders"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    @Tag("rule-S7")
    void shouldBeFreeOnceItIsLetGo() {
        LocalDirectory local = LocalDirectory.of(List.of(root), "orders", "worker-1", 0);
        LocalDirectory.Hold first = local.hold();
        first.close();

        try (LocalDirectory.Hold second = local.hold()) {
            first.close();
            assertThat(second).isNotNull();
            assertThatThrownBy(local::hold).isInstanceOf(DatabaseInUseException.class);
        }
    }

    private boolean anotherProcessCanLock() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Locker.class.getName(),
                        root.resolve("orders/worker-1/partition-0.lock").toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("the other process ends")
                    .isTrue();
            assertThat(process.exitValue()).isBetween(0, 1);
            return process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A process that tries to lock a file, and ends with 0 where it can and 1 where it cannot. */
    static final class Locker {

        private Locker() {}

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                System.exit(lock == null ? 1 : 0);
            }
        }
    }
}
