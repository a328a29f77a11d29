package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;

/** Records that keep coming: every other one of a key that is hotter than the others. */
final class Traffic implements AutoCloseable {

    private static final int KEYS = 200;
    private static final int SLICE = 40;
    private static final int SLICE_MILLIS = 100;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Future<RecordMetadata>> answers = new ArrayList<>();
    private Future<?> slices;
    private int sent;

    Traffic(TestBroker broker, String topic) {
        this.producer = Topics.producer(broker);
        this.topic = topic;
    }

    void start() {
        slices = clock.scheduleAtFixedRate(this::send, 0, SLICE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void send() {
        for (int i = 0; i < SLICE; i++) {
            sent++;
            String key = sent % 2 == 0 ? "hot-key" : "key-" + sent % KEYS;
            answers.add(producer.send(Topics.record(topic, key, "{\"delay\":" + sent % 97 + "}")));
        }
    }

    @Override
    public void close() {
        assertThat(slices).as("nothing was thrown while sending").isNotDone();
        clock.shutdownNow();
        producer.close();
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(Duration.ZERO));
    }
}
