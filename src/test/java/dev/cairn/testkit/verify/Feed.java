package dev.cairn.testkit.verify;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

import dev.cairn.testkit.JsonLines;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;

/**
 * Traffic that does not end before it is told to: the lines of a file at a steady pace, from its start again after its
 * end. Remembers what it sent, so that the output can be verified.
 */
public final class Feed implements AutoCloseable {

    private static final Duration SLICE = Duration.ofMillis(50);
    private static final long LIMIT_SECONDS = 60;

    private final TestBroker broker;
    private final String topic;
    private final JsonPointer value;
    private final List<JsonLines.Line> lines = new ArrayList<>();
    private final List<Future<RecordMetadata>> answers = new ArrayList<>();
    private final Producer<byte[], byte[]> producer;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> slices;
    private int sent;

    private Feed(TestBroker broker, String topic, Path file, String key, String value, int linesPerSecond) {
        this.broker = broker;
        this.topic = topic;
        this.value = JsonPointer.compile(value);
        try (Stream<JsonLines.Line> all = new JsonLines(file, JsonPointer.compile(key)).lines()) {
            all.forEach(lines::add);
        }
        this.producer = Topics.producer(broker);
        int perSlice = Math.max(1, (int) (linesPerSecond * SLICE.toMillis() / 1000));
        this.slices = clock.scheduleAtFixedRate(() -> send(perSlice), 0, SLICE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Starts.
     *
     * @param keyPointer where each line has its record's key, such as {@code /origin}
     * @param valuePointer where each line has the number that is aggregated, such as {@code /delay}
     */
    public static Feed start(
            TestBroker broker, String topic, Path file, String keyPointer, String valuePointer, int linesPerSecond) {
        return new Feed(broker, topic, file, keyPointer, valuePointer, linesPerSecond);
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            JsonLines.Line line = lines.get(sent++ % lines.size());
            answers.add(producer.send(Topics.record(topic, line.key(), line.text())));
        }
    }

    /**
     * Ends the traffic with the end of the file, which is sent at once as far as it is left.
     *
     * @return expects what was sent
     */
    public AggregateVerifier finish() {
        slices.cancel(false);
        try {
            clock.submit(() -> send(lines.size() - 1 - (sent - 1) % lines.size()))
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            producer.flush();
            for (Future<RecordMetadata> answer : answers) {
                answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("cannot feed " + topic + " of " + broker.bootstrapServers(), e);
        }
        AggregateVerifier verifier = new AggregateVerifier();
        for (int i = 0; i < sent; i++) {
            JsonLines.Line line = lines.get(i % lines.size());
            BigDecimal number = line.number(value).decimalValue();
            verifier.expect(line.key(), number);
        }
        return verifier;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close(Duration.ZERO);
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while feeding", e);
    }
}
