package dev.cairn.testkit.fault;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.cairn.testkit.broker.TestBroker;

/** Someone who may join a job's group and is none of its workers: it can say that it listens anywhere. */
public final class RogueMember implements AutoCloseable {

    private static final String ADDRESS = "test.address";
    private static final String INSTANCE = "test.instance";
    private static final String VERSION = "test.version";
    private static final int VERSION_OF_WORKERS = 1;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;

    private RogueMember(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.thread = new Thread(() -> run(topic), "rogue-member");
        thread.setDaemon(true);
        thread.start();
    }

    /** Joins a group, and stays in it. */
    public static RogueMember join(TestBroker broker, String group, String topic, String instance, String address) {
        return join(broker, group, topic, instance, address, VERSION_OF_WORKERS);
    }

    /** The same, in the words of another version of the workers. */
    public static RogueMember join(
            TestBroker broker, String group, String topic, String instance, String address, int version) {
        return new RogueMember(
                new KafkaConsumer<>(settings(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        group,
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "latest",
                        "key.deserializer",
                        ByteArrayDeserializer.class,
                        "value.deserializer",
                        ByteArrayDeserializer.class,
                        "partition.assignment.strategy",
                        Assignor.class.getName(),
                        INSTANCE,
                        instance,
                        ADDRESS,
                        address,
                        VERSION,
                        version)),
                topic);
    }

    /** Names and values in turn: more than a map takes at once. */
    private static Map<String, Object> settings(Object... all) {
        Map<String, Object> settings = new HashMap<>();
        for (int i = 0; i < all.length; i += 2) {
            settings.put((String) all[i], all[i + 1]);
        }
        return settings;
    }

    private void run(String topic) {
        try (consumer) {
            consumer.subscribe(List.of(topic));
            while (true) {
                consumer.poll(Duration.ofMillis(100));
            }
        } catch (WakeupException e) {
            // It is closed.
        }
    }

    /** Whether it still tries to be a member. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Speaks the workers' protocol. Public because Kafka's consumer creates it by its name. */
    public static final class Assignor extends CooperativeStickyAssignor implements Configurable {

        private String instance;
        private String address;
        private int version;

        @Override
        public String name() {
            return "cairn-co-partition";
        }

        @Override
        public void configure(Map<String, ?> configs) {
            instance = (String) configs.get(INSTANCE);
            address = (String) configs.get(ADDRESS);
            version = (int) configs.get(VERSION);
        }

        @Override
        public ByteBuffer subscriptionUserData(Set<String> topics) {
            ByteBuffer generation = super.subscriptionUserData(topics);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(said)) {
                out.writeByte(version);
                out.writeUTF(instance);
                out.writeUTF(address);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return ByteBuffer.allocate(generation.remaining() + said.size())
                    .put(generation)
                    .put(said.toByteArray())
                    .flip();
        }
    }
}
