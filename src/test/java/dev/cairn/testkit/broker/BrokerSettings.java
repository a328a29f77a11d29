package dev.cairn.testkit.broker;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The broker's settings: small, quick to react, and the same in a process and in a container. */
final class BrokerSettings {

    private BrokerSettings() {}

    /** What every form of the broker shares. */
    static Map<String, String> common() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("auto.create.topics.enable", "false");

        settings.put("offsets.topic.num.partitions", "4");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.retention.check.interval.ms", "1000");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "500");

        settings.put("transaction.state.log.num.partitions", "4");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");

        // Records keep the time of the events they tell of, which may be decades ago: only a topic that asks for it
        // forgets by time.
        settings.put("log.retention.ms", "-1");
        settings.put("log.initial.task.delay.ms", "500");
        settings.put("log.retention.check.interval.ms", "500");
        settings.put("log.segment.delete.delay.ms", "500");

        // A broker that was killed is let in again only when its former self has timed out, after 9 s by default.
        settings.put("broker.session.timeout.ms", "3000");
        settings.put("broker.heartbeat.interval.ms", "500");

        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("log.index.size.max.bytes", "1048576");
        // The cleaner takes its buffer from the heap at start, 128 MB by default.
        settings.put("log.cleaner.threads", "1");
        settings.put("log.cleaner.dedupe.buffer.size", "4194304");
        settings.put("log.cleaner.io.buffer.size", "65536");
        return settings;
    }

    /** A single node that is broker and controller, on this machine. */
    static Map<String, String> singleNode(Path data, int port, int controllerPort) {
        Map<String, String> settings = common();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("log.dirs", data.toAbsolutePath().toString());
        settings.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        return settings;
    }

    /** The environment variable by which Kafka's image takes a setting. */
    static String environmentName(String setting) {
        return "KAFKA_"
                + setting.replace("_", "__")
                        .replace("-", "___")
                        .replace('.', '_')
                        .toUpperCase(Locale.ROOT);
    }
}
