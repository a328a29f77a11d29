package dev.cairn.testkit.broker;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

import dev.cairn.testkit.ChildProcess;
import dev.cairn.testkit.Ports;

/** Kafka's broker in a process of its own. It ends with this JVM. Its methods are for one thread. */
public final class ForkedBroker extends ConnectedBroker implements StoppableBroker {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("^" + BrokerMain.READY);

    // A quick start matters more to most tests than speed later.
    private static final List<String> QUICK_START = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final List<String> jvmFlags;
    private ChildProcess process;
    private int starts;

    private ForkedBroker(Path directory, List<String> jvmFlags, String bootstrapServers) {
        super(bootstrapServers);
        this.directory = directory;
        this.jvmFlags = jvmFlags;
    }

    /**
     * Starts a broker.
     *
     * @param directory for its data, its settings and what it prints; removing it is up to the caller
     * @param settings of the broker, in addition to and instead of the usual ones
     */
    public static ForkedBroker start(Path directory, Map<String, String> settings) {
        return start(directory, settings, QUICK_START);
    }

    /** Starts a broker with JVM flags of the caller's, such as {@code -Xmx1g}, for those that measure. */
    public static ForkedBroker start(Path directory, Map<String, String> settings, List<String> jvmFlags) {
        int port = Ports.free();
        Map<String, String> all = BrokerSettings.singleNode(directory.resolve("data"), port, Ports.free());
        all.putAll(settings);
        write(directory.resolve("server.properties"), all);
        ForkedBroker broker = new ForkedBroker(directory.toAbsolutePath(), jvmFlags, "localhost:" + port);
        broker.start();
        return broker;
    }

    private static void write(Path file, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (BufferedWriter writer = Files.newBufferedWriter(file)) {
                properties.store(writer, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The process that runs it at the moment. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void start() {
        starts++;
        List<String> command = new ArrayList<>();
        command.add(ChildProcess.java());
        command.addAll(jvmFlags);
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        command.add(BrokerMain.class.getName());
        command.add(directory.resolve("data").toString());
        command.add(directory.resolve("server.properties").toString());
        process = ChildProcess.start(
                "broker",
                command,
                ForkedBroker::withClassPath,
                directory,
                directory.resolve("broker-" + starts + ".log"),
                line -> {});
        process.awaitOutput(READY, 0, LIMIT);
    }

    private static Map<String, String> withClassPath(Map<String, String> environment) {
        Map<String, String> result = new HashMap<>(environment);
        result.put("CLASSPATH", System.getProperty("java.class.path"));
        return result;
    }

    @Override
    public void stop() {
        process.terminate();
        process.awaitExit(LIMIT);
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void pause() {
        process.pause();
    }

    @Override
    public void resume() {
        process.resume();
    }

    /** Kills the broker; its directory stays. */
    @Override
    public void close() {
        admin().close(Duration.ZERO);
        process.close();
    }
}
