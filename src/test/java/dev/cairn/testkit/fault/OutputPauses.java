package dev.cairn.testkit.fault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.cairn.testkit.broker.TestBroker;

/**
 * Measures how long a {@code read_committed} reader waits for the result of a record, from when the record was sent. The time
 * that its own thread was kept from running does not count. Results have the timestamps of what they come from.
 */
public final class OutputPauses implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    private final String prefix;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean ended;
    private volatile long longestMillis;
    private final AtomicLong results = new AtomicLong();

    private OutputPauses(KafkaConsumer<byte[], byte[]> consumer, String prefix) {
        this.consumer = consumer;
        this.prefix = prefix;
        this.thread = new Thread(this::measure, "output-pauses");
        thread.setDaemon(true);
        thread.start();
    }

    /** Measures from the present end of the output on. */
    public static OutputPauses of(TestBroker broker, String topic, int partitions, String keyPrefix) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        return new OutputPauses(consumer, keyPrefix);
    }

    private void measure() {
        while (!ended) {
            long began = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
                if (new String(result.key(), StandardCharsets.UTF_8).startsWith(prefix)) {
                    long kept = Math.max(0, System.nanoTime() - began - POLL.toNanos()) / 1_000_000;
                    longestMillis = Math.max(longestMillis, System.currentTimeMillis() - result.timestamp() - kept);
                    results.incrementAndGet();
                }
            }
        }
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    /** How many results have come. */
    public long results() {
        return results.get();
    }

    /** The longest wait so far. */
    public Duration longest() {
        return Duration.ofMillis(longestMillis);
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
