package dev.cairn.testkit.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.awaitility.Awaitility;

/**
 * A container's limit of memory, without a container: a control group of the kernel's. There is none where this process
 * may not make one, which takes Linux and root.
 */
public final class MemoryLimit implements AutoCloseable {

    private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");

    private final Path group;
    private final boolean second;

    private MemoryLimit(Path group, boolean second) {
        this.group = group;
        this.second = second;
    }

    /** A group of this many bytes, the page cache of what its processes read included. */
    public static Optional<MemoryLimit> of(long bytes) {
        boolean second = Files.exists(VERSION_2.resolve("cgroup.subtree_control"));
        String name = "cairn-" + ProcessHandle.current().pid();
        MemoryLimit limit = new MemoryLimit((second ? VERSION_2 : VERSION_1).resolve(name), second);
        try {
            Files.createDirectory(limit.group);
            Files.writeString(
                    limit.group.resolve(second ? "memory.max" : "memory.limit_in_bytes"), Long.toString(bytes));
            return Optional.of(limit);
        } catch (IOException e) {
            System.out.println("no limit of memory but the heap's, because a control group cannot be made: " + e);
            limit.close();
            return Optional.empty();
        }
    }

    /** A launcher that puts what it runs under the limit, from its first instruction. */
    public String[] launcher() {
        return new String[] {"sh", "-c", "echo $$ > " + group + "/cgroup.procs; exec \"$@\"", "sh"};
    }

    /** How many processes the kernel has ended for going over it. */
    public long kills() {
        try {
            return Files.readAllLines(group.resolve(second ? "memory.events" : "memory.oom_control")).stream()
                    .filter(line -> line.startsWith("oom_kill "))
                    .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                    .sum();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read of " + group, e);
        }
    }

    /** Its processes have ended. */
    @Override
    public void close() {
        Awaitility.await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> {
            Files.deleteIfExists(group);
            return true;
        });
    }
}
