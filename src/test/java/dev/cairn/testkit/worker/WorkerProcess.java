package dev.cairn.testkit.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.cairn.testkit.ChildProcess;
import dev.cairn.testkit.Ports;

/**
 * A worker as users run it: a process of its own, configured by environment variables. It ends with this JVM, however that
 * ends. A {@link Builder} starts any number of them, one after the other or side by side.
 */
public final class WorkerProcess implements AutoCloseable {

    private static final Path DIRECTORY = Path.of("target", "processes");

    /** Workers of tests live for seconds: what the second compiler does for them takes longer than it gives back. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private static final Duration HTTP_LIMIT = Duration.ofSeconds(10);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final ChildProcess process;
    private final int httpPort;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(HTTP_LIMIT).build();

    private WorkerProcess(ChildProcess process, int httpPort) {
        this.process = process;
        this.httpPort = httpPort;
    }

    /** The packaged worker, a jar or an executable, which {@code ./mvnw package} makes, for a short life. */
    public static Builder packaged() {
        return of(PackagedCairn.find()).jvm(ClassArchive.flags().toArray(String[]::new));
    }

    /** The same as users start it, to measure it. */
    public static Builder asDeployed() {
        return new Builder("worker", PackagedCairn.find()::commandLine);
    }

    /** Flags for the JVMs of packaged workers and commands that live for seconds. */
    public static List<String> shortLived() {
        List<String> flags = new ArrayList<>(ClassArchive.flags());
        flags.add(SHORT_LIVED);
        return flags;
    }

    /** An application that has the worker in it. */
    public static Builder of(PackagedCairn application) {
        return new Builder("worker", application::commandLine).jvm(SHORT_LIVED);
    }

    /** Any main class on this JVM's class path. */
    public static Builder ofMain(Class<?> mainClass, String... arguments) {
        return new Builder(mainClass.getSimpleName(), jvmFlags -> {
                    List<String> command = new ArrayList<>();
                    command.add(ChildProcess.java());
                    command.addAll(jvmFlags);
                    command.add(mainClass.getName());
                    command.addAll(List.of(arguments));
                    return command;
                })
                .set("CLASSPATH", System.getProperty("java.class.path"))
                .jvm("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs, or is paused. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit code when it ends. */
    public CompletableFuture<Integer> onExit() {
        return process.onExit();
    }

    /** What it printed so far, as far as it is kept in memory (20,000 lines). */
    public List<String> output() {
        return process.output().lines();
    }

    /** Everything that it printed so far. */
    public Path outputFile() {
        return process.output().file();
    }

    /** How many lines it printed so far. */
    public long mark() {
        return process.output().mark();
    }

    /**
     * Waits for a line that contains a match, printed before or after this call.
     *
     * @return the line
     * @throws AssertionError with the end of the output when none comes within the limit, or the process ends
     */
    public String awaitOutput(String regex, Duration limit) {
        return awaitOutput(regex, 0, limit);
    }

    /** The same, only for lines printed after {@link #mark} returned this number. */
    public String awaitOutput(String regex, long mark, Duration limit) {
        return process.awaitOutput(Pattern.compile(regex), mark, limit);
    }

    /** Waits for its end. @return the exit code @throws AssertionError with the end of the output when it continues */
    public int awaitExit(Duration limit) {
        return process.awaitExit(limit);
    }

    /** Ends it at once, and returns when it is gone. */
    public void kill9() {
        process.kill();
    }

    /** Asks it to end (SIGTERM) and waits. @return the exit code @throws AssertionError when it continues */
    public int terminate(Duration limit) {
        process.terminate();
        return process.awaitExit(limit);
    }

    /** Freezes it (SIGSTOP): connections stay open, nothing is answered. */
    public void suspend() {
        process.pause();
    }

    /** Lets it continue (SIGCONT). */
    public void resume() {
        process.resume();
    }

    /** Where it answers HTTP requests. */
    public int httpPort() {
        return httpPort;
    }

    /**
     * Asks for its health.
     *
     * @param kind {@code live}, {@code ready} or {@code started}
     */
    public Health health(String kind) {
        URI address = URI.create("http://localhost:" + httpPort + "/q/health/" + kind);
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(address).timeout(HTTP_LIMIT).build(), HttpResponse.BodyHandlers.ofString());
            return new Health(response.statusCode(), new ObjectMapper().readTree(response.body()));
        } catch (IOException e) {
            return Health.UNREACHABLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + address, e);
        }
    }

    /** Kills it, if it still runs. */
    @Override
    public void close() {
        process.close();
    }

    /**
     * An answer about a worker's health.
     *
     * @param status of HTTP, or 0 where no one answered
     * @param body the answer, or a missing node
     */
    public record Health(int status, JsonNode body) {

        static final Health UNREACHABLE = new Health(0, MissingNode.getInstance());

        /** Whether all checks are passed. */
        public boolean isUp() {
            return status == 200;
        }
    }

    /** What a worker is started with. Not thread-safe. */
    public static final class Builder {

        private static final List<String> SETTINGS_OF_WORKERS =
                List.of("CAIRN_", "KAFKA_", "STATE_", "EXECUTION_", "TASKMANAGER_", "QUARKUS_");

        /** Makes a command line of the JVM's flags. */
        private final UnaryOperator<List<String>> command;

        private final List<String> launcher = new ArrayList<>();
        private final List<String> jvmFlags = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> variables = new LinkedHashMap<>();
        private String name;
        private Path directory = DIRECTORY;
        private Path outputFile;
        private Consumer<String> listener = line -> {};

        private Builder(String name, UnaryOperator<List<String>> command) {
            this.name = name;
            this.command = command;
        }

        /** What messages and the file of its output call it. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** The directory that it works in, and that gets the file of its output; {@code target/processes} if not set. */
        public Builder directory(Path directory) {
            this.directory = directory;
            return this;
        }

        /** The file that takes what it prints, emptied at each start; one of its own in its directory if not set. */
        public Builder outputFile(Path file) {
            this.outputFile = file;
            return this;
        }

        /** A program that runs the command that follows, in its own place. */
        public Builder launchedBy(String... launcher) {
            this.launcher.addAll(List.of(launcher));
            return this;
        }

        /** Flags for the JVM, such as {@code -Xmx256m}; an executable gets those that it knows. */
        public Builder jvm(String... flags) {
            jvmFlags.addAll(List.of(flags));
            return this;
        }

        /** What follows the command. */
        public Builder arguments(String... these) {
            arguments.addAll(List.of(these));
            return this;
        }

        /** A setting by its name: {@code cairn.job}, or {@code CAIRN_JOB}. Settings of this process are not inherited. */
        public Builder set(String setting, String value) {
            variables.put(environmentName(setting), value);
            return this;
        }

        /** Settings by their names. */
        public Builder set(Map<String, String> settings) {
            settings.forEach(this::set);
            return this;
        }

        /** Is told every line it prints, on a thread of its own. */
        public Builder onOutput(Consumer<String> listener) {
            this.listener = listener;
            return this;
        }

        /** Starts one, with a port for HTTP of its own. */
        public WorkerProcess start() {
            int httpPort = variables.containsKey("QUARKUS_HTTP_PORT")
                    ? Integer.parseInt(variables.get("QUARKUS_HTTP_PORT"))
                    : Ports.free();
            List<String> line = new ArrayList<>(launcher);
            line.addAll(command.apply(jvmFlags));
            line.addAll(arguments);
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot create " + directory, e);
            }
            return new WorkerProcess(
                    ChildProcess.start(
                            name,
                            line,
                            inherited -> environment(inherited, httpPort),
                            directory,
                            nextOutputFile(),
                            listener),
                    httpPort);
        }

        private Path nextOutputFile() {
            return outputFile != null
                    ? outputFile
                    : directory.resolve(
                            name + "-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet() + ".log");
        }

        private Map<String, String> environment(Map<String, String> inherited, int httpPort) {
            Map<String, String> environment = new HashMap<>(inherited);
            environment.keySet().removeIf(variable -> SETTINGS_OF_WORKERS.stream()
                    .anyMatch(variable::startsWith));
            environment.put("QUARKUS_BANNER_ENABLED", "false");
            environment.put("QUARKUS_HTTP_HOST", "localhost");
            environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
            environment.putAll(variables);
            return environment;
        }

        private static String environmentName(String setting) {
            return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        }
    }
}
