package dev.cairn.testkit.broker;

import java.nio.file.Path;
import java.util.Map;

import dev.cairn.testkit.Logs;
import dev.cairn.testkit.Ports;

/** Kafka's broker in this JVM: the quickest to start, and it ends with the JVM. */
public final class InProcessBroker extends ConnectedBroker {

    private final KafkaNode node;

    private InProcessBroker(String bootstrapServers, KafkaNode node) {
        super(bootstrapServers);
        this.node = node;
    }

    /**
     * Starts a broker on a directory, new or left by an earlier one.
     *
     * @param data where it keeps its logs; they stay when it is closed
     * @param settings of the broker, in addition to and instead of the usual ones
     */
    public static InProcessBroker start(Path data, Map<String, String> settings) {
        Logs.quiet();
        int port = Ports.free();
        Map<String, String> all = BrokerSettings.singleNode(data, port, Ports.free());
        all.putAll(settings);
        return new InProcessBroker("localhost:" + port, KafkaNode.start(data, all));
    }

    /** Stops the broker; its data stays. */
    @Override
    public void close() {
        admin().close();
        node.close();
    }
}
