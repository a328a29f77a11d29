package dev.cairn.demo;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.apache.kafka.clients.producer.ProducerRecord;

/** Events of a thousand users, without end. */
final class SyntheticTraffic implements Traffic {

    private static final int USERS = 1000;
    private static final int AMOUNTS = 100;

    private final String topic;
    private final Random random = new Random();

    SyntheticTraffic(String topic) {
        this.topic = topic;
    }

    @Override
    public String description() {
        return "keys user-0 to user-" + (USERS - 1) + ", values like {\"amount\":42}";
    }

    @Override
    public String send(Pacer pacer, Outlet outlet) {
        while (pacer.next()) {
            outlet.send(new ProducerRecord<>(
                    topic,
                    bytes("user-" + random.nextInt(USERS)),
                    bytes("{\"amount\":" + random.nextInt(AMOUNTS) + "}")));
        }
        return "no more events";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
