package dev.cairn.testkit.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.cairn.testkit.Tools;

/**
 * Container images and containers, by Podman's command line: no engine, no registry. The images' base is made of Debian's
 * packages, unless the environment variable {@code CAIRN_TEST_BASE} names one.
 */
public final class Podman {

    private static final String BASE_VARIABLE = "CAIRN_TEST_BASE";
    private static final String BASE = "localhost/cairn-base";
    private static final String INSTALL = ".ci/install podman installs it";
    private static final List<String> SYSTEM_PATH = List.of("/usr/sbin", "/sbin");
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** What a process may be given where root may not raise limits; Podman's own are higher. */
    private static final List<String> ULIMITS =
            List.of("--ulimit", "nofile=20000:20000", "--ulimit", "nproc=4096:4096");

    private Podman() {}

    /** Skips the test with a message where something is missing; fails it where the environment says {@code CI}. */
    public static void require() {
        String missing = missing();
        Tools.require(missing.isEmpty(), missing);
    }

    private static String missing() {
        if (!isInstalled("podman")) {
            return "no podman: " + INSTALL;
        }
        if (System.getenv(BASE_VARIABLE) == null && !isInstalled("debootstrap")) {
            return "no debootstrap, nor a " + BASE_VARIABLE + ": " + INSTALL;
        }
        return "root".equals(System.getProperty("user.name")) ? "" : "limits of memory, and debootstrap, take root";
    }

    private static boolean isInstalled(String program) {
        return Tools.isInstalled(program, SYSTEM_PATH);
    }

    /** Builds the image of a Dockerfile, with build arguments in addition to the one for its base. @return its name */
    public static String build(Path dockerfile, Map<String, String> arguments) {
        String base = System.getenv().getOrDefault(BASE_VARIABLE, BASE);
        if (base.equals(BASE)) {
            run(List.of("docker/local-base", BASE));
        }
        String image = "localhost/cairn-test-" + ProcessHandle.current().pid();
        List<String> command = new ArrayList<>(List.of("build", "--ulimit", "nofile=20000:20000"));
        command.addAll(List.of("-f", dockerfile.toString(), "-t", image, "--build-arg", "BASE=" + base));
        arguments.forEach((name, value) -> command.addAll(List.of("--build-arg", name + "=" + value)));
        command.add(".");
        podman(command);
        return image;
    }

    /** Removes an image. */
    public static void remove(String image) {
        podman(List.of("rmi", "--force", image));
    }

    /** Where the files of an image can be read, until {@link #unmount}. */
    public static Path mount(String image) {
        return Path.of(podman(List.of("image", "mount", image)));
    }

    /** Ends what {@link #mount} began. */
    public static void unmount(String image) {
        podman(List.of("image", "unmount", image));
    }

    /** What is known of an image or a container. */
    public static JsonNode inspect(String name) {
        try {
            return new ObjectMapper().readTree(podman(List.of("inspect", name))).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what podman says of " + name, e);
        }
    }

    /** Starts a container in the host's network. @return its id */
    static String start(List<String> options, String image, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("--cgroup-manager", "cgroupfs", "run", "--detach"));
        command.addAll(List.of("--network", "host"));
        command.addAll(ULIMITS);
        command.addAll(options);
        command.add(image);
        command.addAll(arguments);
        return podman(command);
    }

    /** Runs a command of Podman's. @return what it prints @throws AssertionError with that when it fails */
    static String podman(List<String> arguments) {
        return run(podmans(arguments)).output();
    }

    /** Everything that a container printed. */
    static String logs(String container) {
        Printed printed = run(podmans(List.of("logs", container)));
        return printed.output() + printed.errors();
    }

    private static List<String> podmans(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("podman"));
        command.addAll(arguments);
        return command;
    }

    private static Printed run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().merge("PATH", String.join(":", SYSTEM_PATH), (path, more) -> path + ":" + more);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            if (!process.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            Printed printed = new Printed(output.join().strip(), errors.join().strip());
            if (process.waitFor() != 0) {
                throw new AssertionError("exit code " + process.exitValue() + " of " + command + ":\n" + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Printed(String output, String errors) {}
}
