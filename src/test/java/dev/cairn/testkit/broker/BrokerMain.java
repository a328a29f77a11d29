package dev.cairn.testkit.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

import dev.cairn.testkit.Logs;

/**
 * Kafka's broker as a process: {@code BrokerMain <data directory> <file of settings>}. Prints {@link #READY} when clients
 * can connect, and stops in good order on SIGTERM.
 */
public final class BrokerMain {

    /** The line that says that clients can connect. */
    static final String READY = "broker is ready";

    private BrokerMain() {}

    /** Starts the broker and returns; its threads keep the process alive. */
    public static void main(String[] args) throws IOException {
        Logs.toConsole();
        KafkaNode node = KafkaNode.start(Path.of(args[0]), read(Path.of(args[1])));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-broker"));
        System.out.println(READY);
    }

    private static Map<String, String> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
