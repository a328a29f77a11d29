package dev.cairn.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where tests get their broker: Kafka's own from its jars, or a container with the system property {@code
 * cairn.test.broker=containers}, which the Maven profile {@code containers} sets.
 */
public final class Brokers {

    private static final String FORM = "cairn.test.broker";
    private static final String SHARED = "cairn.test.broker.shared";
    private static final Path DIRECTORY = Path.of("target", "brokers");

    private static TestBroker shared;

    private Brokers() {}

    /**
     * The broker of all tests in this JVM, started at first use. No one closes it: it ends with the JVM. A test that takes
     * its broker away asks for its {@link #own}.
     */
    public static synchronized TestBroker shared() {
        if (shared == null) {
            shared = findOrStart();
        }
        return shared;
    }

    /**
     * A broker of one's own that can be stopped, killed and paused. The caller closes it.
     *
     * @param directory an empty one, which stays
     * @param settings of the broker, in addition to and instead of the usual ones
     */
    public static StoppableBroker own(Path directory, Map<String, String> settings) {
        return inContainers() ? ContainerBroker.start(settings) : ForkedBroker.start(directory, settings);
    }

    /** A broker of one's own with the usual settings. */
    public static StoppableBroker own(Path directory) {
        return own(directory, Map.of());
    }

    private static boolean inContainers() {
        return "containers".equals(System.getProperty(FORM));
    }

    private static TestBroker findOrStart() {
        // A Quarkus test loads this class once more, in a class loader of its own: both share the JVM's properties.
        Properties ofThisJvm = System.getProperties();
        synchronized (ofThisJvm) {
            String running = ofThisJvm.getProperty(SHARED);
            if (running != null) {
                return new AttachedBroker(running);
            }
            TestBroker started = inContainers() ? ContainerBroker.start(Map.of()) : startInProcess();
            ofThisJvm.setProperty(SHARED, started.bootstrapServers());
            return started;
        }
    }

    private static TestBroker startInProcess() {
        Path directory = DIRECTORY.resolve("shared-" + ProcessHandle.current().pid());
        delete(directory);
        TestBroker broker = InProcessBroker.start(directory, Map.of());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(broker, directory), "end-shared-broker"));
        return broker;
    }

    private static void end(TestBroker broker, Path directory) {
        broker.close();
        delete(directory);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Brokers::deleteFile);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
