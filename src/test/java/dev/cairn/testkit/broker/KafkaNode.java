package dev.cairn.testkit.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** Kafka's own broker and controller in this JVM, on a directory that is formatted at first use. */
final class KafkaNode implements AutoCloseable {

    private final KafkaRaftServer server;

    private KafkaNode(KafkaRaftServer server) {
        this.server = server;
    }

    /**
     * Starts a node and returns when clients can connect.
     *
     * @param data where its logs are kept; a node that was stopped or killed there continues
     * @param settings complete, as {@link BrokerSettings#singleNode} makes them
     */
    static KafkaNode start(Path data, Map<String, String> settings) {
        format(data, settings);
        Properties properties = new Properties();
        properties.putAll(settings);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        server.startup();
        return new KafkaNode(server);
    }

    private static void format(Path data, Map<String, String> settings) {
        // The last file that formatting writes.
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(data);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(Integer.parseInt(settings.get("node.id")))
                    .setControllerListenerName(settings.get("controller.listener.names"))
                    .setMetadataLogDirectory(data.toAbsolutePath().toString())
                    .addDirectory(data.toAbsolutePath().toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot format " + data, e);
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + data, e);
        }
    }

    /** Stops the node; its data stays. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
