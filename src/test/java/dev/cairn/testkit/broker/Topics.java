package dev.cairn.testkit.broker;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.cairn.testkit.JsonLines;

/** Fills topics: idempotent, acknowledged when a call returns, partitions chosen by key as Kafka does by default. */
public final class Topics {

    private static final long LIMIT_SECONDS = 60;

    private Topics() {}

    /**
     * Sends every line of a file of JSON lines, in order.
     *
     * @param keyPointer where each line has its record's key, such as {@code /origin}
     * @return how many there were
     */
    public static long load(TestBroker broker, String topic, Path file, String keyPointer) {
        try (Producer<byte[], byte[]> producer = producer(broker);
                Stream<JsonLines.Line> lines = new JsonLines(file, JsonPointer.compile(keyPointer)).lines()) {
            List<Future<RecordMetadata>> answers = lines.map(
                            line -> producer.send(record(topic, line.key(), line.text())))
                    .toList();
            producer.flush();
            answers.forEach(Topics::check);
            return answers.size();
        }
    }

    /** Sends a record and says where it went. Either may be {@code null}. */
    public static RecordMetadata send(TestBroker broker, String topic, String key, String value) {
        return send(broker, List.of(record(topic, key, value))).get(0);
    }

    /** Sends records of any kind in their order, and says where they went. */
    public static List<RecordMetadata> send(TestBroker broker, List<ProducerRecord<byte[], byte[]>> records) {
        return send(producer(broker, Map.of()), records);
    }

    /** Sends records in their order, compressed in one of Kafka's ways, such as {@code zstd}. */
    public static void sendCompressed(
            TestBroker broker, String compression, List<ProducerRecord<byte[], byte[]>> records) {
        // In few batches, which are worth compressing.
        send(producer(broker, Map.of("compression.type", compression, "linger.ms", 1_000)), records);
    }

    private static List<RecordMetadata> send(
            Producer<byte[], byte[]> sender, List<ProducerRecord<byte[], byte[]>> records) {
        try (Producer<byte[], byte[]> producer = sender) {
            List<Future<RecordMetadata>> answers =
                    records.stream().map(producer::send).toList();
            producer.flush();
            return answers.stream().map(Topics::check).toList();
        }
    }

    /** A record of text, for {@link #send(TestBroker, List)}. Either may be {@code null}. */
    public static ProducerRecord<byte[], byte[]> record(String topic, String key, String value) {
        return new ProducerRecord<>(topic, bytes(key), bytes(value));
    }

    /** An idempotent producer; the caller closes it. */
    public static Producer<byte[], byte[]> producer(TestBroker broker) {
        return producer(broker, Map.of());
    }

    private static Producer<byte[], byte[]> producer(TestBroker broker, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 5));
        all.putAll(settings);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static RecordMetadata check(Future<RecordMetadata> answer) {
        try {
            return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a record could not be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
    }
}
