package dev.cairn.testkit.container;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.core.ConditionTimeoutException;

import dev.cairn.testkit.Ports;

/**
 * A worker in a container that may write nowhere but to one volume and a small temporary directory, from which nothing may
 * be executed, has no right of root's, and has a limit of memory. It can be killed and started again. Podman ends it after some minutes, should no one else.
 */
public final class WorkerContainer implements AutoCloseable {

    private static final String VOLUME_AT = "/var/lib/cairn";
    private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final int LIFE_SECONDS = 900;
    private static final Duration POLL = Duration.ofMillis(500);

    private final String id;
    private final String volume;

    private WorkerContainer(String id, String volume) {
        this.id = id;
        this.volume = volume;
    }

    /**
     * Starts one, with a volume of its own for {@code /var/lib/cairn}.
     *
     * @param memory its limit as Podman takes it, such as {@code 512m}
     * @param settings by their names
     */
    public static WorkerContainer start(String image, String memory, Map<String, String> settings) {
        String volume = Podman.podman(List.of("volume", "create"));
        List<String> options = new ArrayList<>(List.of("--read-only", "--read-only-tmpfs=false"));
        options.addAll(List.of("--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=16m"));
        options.addAll(List.of("--cap-drop", "ALL", "--security-opt", "no-new-privileges"));
        options.addAll(List.of("--memory", memory, "--memory-swap", memory));
        options.addAll(List.of("--timeout", Integer.toString(LIFE_SECONDS)));
        options.addAll(List.of("--volume", volume + ":" + VOLUME_AT));
        options.addAll(List.of("--env", "QUARKUS_HTTP_PORT=" + Ports.free()));
        settings.forEach((name, value) -> options.addAll(List.of("--env", environmentName(name) + "=" + value)));
        return new WorkerContainer(Podman.start(options, image, List.of()), volume);
    }

    private static String environmentName(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Waits for so many matches in what it printed, since it was first started. */
    public void awaitOutput(String regex, int times, Duration limit) {
        Pattern pattern = Pattern.compile(regex);
        try {
            await().atMost(limit).pollInterval(POLL).until(() -> {
                boolean ended = !isRunning();
                boolean found = pattern.matcher(output()).results().count() >= times;
                return found || ended;
            });
        } catch (ConditionTimeoutException e) {
            // What it printed says more.
        }
        String output = output();
        if (pattern.matcher(output).results().count() < times) {
            throw new AssertionError("there are no %s of \"%s\" within %s, or before its end, in what it printed:%n%s"
                    .formatted(times, regex, limit, output));
        }
    }

    /** Everything that it printed since it was first started. */
    public String output() {
        return Podman.logs(id);
    }

    /** Ends it at once. */
    public void kill9() {
        Podman.podman(List.of("kill", "--signal", "KILL", id));
        Podman.podman(List.of("wait", id));
    }

    /** Starts it again, with its volume. */
    public void startAgain() {
        Podman.podman(List.of("start", id));
    }

    /** Asks it to end (SIGTERM) and waits. @return its exit code */
    public int terminate() {
        Podman.podman(List.of("kill", "--signal", "TERM", id));
        return Integer.parseInt(Podman.podman(List.of("wait", id)));
    }

    /** Whether it runs. */
    public boolean isRunning() {
        return state().path("Running").asBoolean();
    }

    /** Whether the kernel ended it for going over its limit. */
    public boolean wasKilledForMemory() {
        return state().path("OOMKilled").asBoolean();
    }

    /** The most memory that its process has had of its own so far, the pages of files that it mapped included. */
    public long mostResidentBytes() {
        try {
            Matcher resident = RESIDENT.matcher(
                    Files.readString(Path.of("/proc", state().path("Pid").asText(), "status")));
            if (!resident.find()) {
                throw new IllegalStateException("the kernel does not say how much memory " + id + " has");
            }
            return Long.parseLong(resident.group(1)) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot see how much memory " + id + " has", e);
        }
    }

    private JsonNode state() {
        return Podman.inspect(id).path("State");
    }

    /** Ends it, if it still runs, and removes it with its volume. */
    @Override
    public void close() {
        Podman.podman(List.of("rm", "--force", "--time", "0", id));
        Podman.podman(List.of("volume", "rm", volume));
    }
}
