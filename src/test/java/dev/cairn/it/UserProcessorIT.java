package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.WorkerSettings;
import dev.cairn.worker.Worker;
import dev.cairn.worker.record.ProcessorFactory;

/** A user's own processors, written against only the API, in a worker of this JVM. */
class UserProcessorIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldEmitSeveralRecordsWithHeadersFromTwoStates() {
        // Given
        broker.createTopic("user-in", 2);
        broker.createTopic("user-out", 2);
        Topics.send(broker, List.of(visit("user-in", "anna", "/a"), visit("user-in", "anna", "/b")));

        // When: a restart lies between the second and the third
        run("user", "user-in", "user-out", Visits::new);
        Topics.send(broker, List.of(visit("user-in", "anna", "/c"), visit("user-in", "bert", "/x")));
        run("user", "user-in", "user-out", Visits::new);

        // Then
        List<ConsumerRecord<String, String>> results =
                Readers.readCommitted(broker, "user-out").records();
        assertThat(results)
                .filteredOn(result -> result.key().startsWith("anna"))
                .extracting(result -> result.key() + " " + result.value())
                .containsExactlyInAnyOrder(
                        "anna/count 1", "anna/path null -> /a",
                        "anna/count 2", "anna/path /a -> /b",
                        "anna/count 3", "anna/path /b -> /c");
        assertThat(results)
                .filteredOn(result -> result.key().equals("anna/path"))
                .extracting(UserProcessorIT::visitor)
                .containsExactly("browser of anna", "browser of anna", "browser of anna");
        assertThat(results)
                .filteredOn(result -> result.key().startsWith("bert"))
                .hasSize(2);
        assertThat(results).extracting(ConsumerRecord::timestamp).containsOnly(1_000L);
    }

    @Test
    void shouldKeepStateWithoutOutputTopic() {
        // Given
        broker.createTopic("quiet-in", 1);
        broker.createTopic("quiet-out", 1);
        Topics.send(broker, List.of(visit("quiet-in", "anna", "/a"), visit("quiet-in", "anna", "/b")));

        // When: it gets an output later
        run("quiet", "quiet-in", null, Counter::quiet);
        Topics.send(broker, List.of(visit("quiet-in", "anna", "/c")));
        run("quiet", "quiet-in", "quiet-out", Counter::loud);

        // Then
        assertThat(Readers.readCommitted(broker, "quiet-out").records())
                .extracting(ConsumerRecord::value)
                .containsExactly("3");
    }

    private void run(String job, String input, String output, ProcessorFactory processors) {
        WorkerSettings described = new WorkerSettings()
                .job(broker.bootstrapServers(), job)
                .reads(input)
                .instance("worker-1")
                .threads(1)
                .checkpointsEvery("200ms")
                .below(directory);
        if (output != null) {
            described.writes(output);
        }
        Settings settings = described.read();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Worker worker = new Worker(
                settings,
                processors,
                () -> ObjectStores.open(settings.checkpoints().dir()),
                ObjectStores::open,
                CheckpointObserver.NONE,
                "test",
                failure::set);
        worker.start();
        try {
            await("caught up").atMost(LIMIT).until(() -> {
                assertThat(failure.get()).isNull();
                return Workers.isCaughtUp(broker, job, input);
            });
        } finally {
            worker.stop();
        }
    }

    private static ProducerRecord<byte[], byte[]> visit(String topic, String visitor, String path) {
        ProducerRecord<byte[], byte[]> text = Topics.record(topic, visitor, "{\"path\":\"" + path + "\"}");
        RecordHeaders headers = new RecordHeaders();
        headers.add("agent", ("browser of " + visitor).getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(topic, null, 1_000L, text.key(), text.value(), headers);
    }

    private static String visitor(ConsumerRecord<String, String> result) {
        return new String(result.headers().lastHeader("agent").value(), StandardCharsets.UTF_8);
    }

    /** A visit to a page. */
    record Visit(String path) {}

    /** Counts visits, and tells where each came from. */
    static final class Visits implements Processor<String, Visit, String, String> {

        private ValueState<Long> count;
        private ValueState<Visit> last;

        @Override
        public void declare(Declaration<String, Visit, String, String> declare) {
            declare.input(Serdes.String(), JsonSerde.of(Visit.class));
            declare.output(Serdes.String(), Serdes.String());
            count = declare.valueState("count", Serdes.Long());
            last = declare.valueState("last", JsonSerde.of(Visit.class));
        }

        @Override
        public void process(InputRecord<String, Visit> input, Output<String, String> output) {
            long visits = count.valueOr(0L) + 1;
            count.update(visits);
            Visit before = last.value();
            last.update(input.value());
            output.emit(input.key() + "/count", Long.toString(visits));
            output.emit(
                    input.key() + "/path",
                    (before == null ? null : before.path()) + " -> "
                            + input.value().path(),
                    input.headers());
        }
    }

    /** Counts, and says so only if it is told to. */
    static final class Counter implements Processor<String, String, String, String> {

        private final boolean loud;
        private ValueState<Long> count;

        private Counter(boolean loud) {
            this.loud = loud;
        }

        static Counter quiet() {
            return new Counter(false);
        }

        static Counter loud() {
            return new Counter(true);
        }

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            count = declare.valueState("count", Serdes.Long());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            count.update(count.valueOr(0L) + 1);
            if (loud) {
                output.emit(input.key(), count.value().toString());
            }
        }
    }
}
