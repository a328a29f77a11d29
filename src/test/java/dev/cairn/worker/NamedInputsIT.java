package dev.cairn.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ValueState;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;

/** A processor with two inputs of different types, which share the state of their keys. */
class NamedInputsIT {

    private static final long START = 1_700_000_000_000L;
    private static final int ORDERS = 300;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    private TestJob job;
    private String customers;

    /** Tells the name of the customer with each order. It has no process of its own. */
    private static final class Enrich implements Processor<Void, Void, String, String> {

        private ValueState<String> name;
        private ValueState<Long> sum;
        private Output<String, String> enriched;

        @Override
        public void declare(Declaration<Void, Void, String, String> declare) {
            declare.input("orders", Serdes.String(), Serdes.Long(), this::order);
            declare.input("customers", Serdes.String(), Serdes.String(), this::customer);
            enriched = declare.output(Serdes.String(), Serdes.String());
            name = declare.valueState("name", Serdes.String());
            sum = declare.valueState("sum", Serdes.Long());
        }

        private void order(InputRecord<String, Long> order) {
            sum.update(sum.valueOr(0L) + order.value());
            enriched.emit(order.key(), name.value() + " " + sum.value());
        }

        private void customer(InputRecord<String, String> customer) {
            name.update(customer.value());
        }
    }

    @BeforeEach
    void createJob() {
        job = new TestJob(broker, directory, 1);
        customers = job.addInput();
        job.set("cairn.input.topics", customers)
                .set("cairn.input.orders.topic", job.input())
                .set("cairn.input.customers.topic", customers);
    }

    @SuppressWarnings("try") // The worker only has to run.
    @Test
    void shouldReadEachInputWithItsSerdesAndContinueAfterRestart() {
        // Given
        List<String> expected = new ArrayList<>();
        sendCustomer("Anna", 0);
        sendOrders(1);
        expected.addAll(results("Anna", 1, ORDERS));
        try (EmbeddedWorker worker = job.worker("worker-1", Enrich::new).start()) {
            job.awaitCommitted();
        }
        job.awaitNoMembers();

        // When
        sendCustomer("Berta", 2L * ORDERS);
        sendOrders(2L * ORDERS + 1);
        expected.addAll(results("Berta", ORDERS + 1, 2 * ORDERS));
        try (EmbeddedWorker worker = job.worker("worker-1", Enrich::new).start()) {
            job.awaitCommitted();
            assertThat(worker.rollBacks()).isZero();
        }

        // Then
        assertThat(Readers.readCommitted(broker, job.output()).records())
                .extracting(ConsumerRecord::value)
                .isEqualTo(expected);
        assertThat(job.namedCheckpoint(0).positions())
                .extracting("topic")
                .containsExactlyInAnyOrder(job.input(), customers);
    }

    @Test
    void shouldNameTheInputOfRecordThatCannotBeRead() {
        // Given
        try (EmbeddedWorker worker = job.worker("worker-1", Enrich::new).start().awaitRunning(0)) {

            // When
            Topics.send(broker, job.input(), "k", "no number");

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(job.input() + "-0@0")
                    .hasMessageContaining("(deserialize-value)");
        }
    }

    @Test
    void shouldRefuseToRunWithTopicThatNoInputReads() {
        // Given
        job.set("cairn.input.customers.topic", "");

        // When
        try (EmbeddedWorker worker = job.worker("worker-1", Enrich::new).start()) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining(
                            "the processor declares the input 'customers', but the job does not read the topic"
                                    + " customers: add it to cairn.input.topics, or name the input's topic by"
                                    + " cairn.input.customers.topic");
        }
    }

    private void sendCustomer(String name, long offsetMillis) {
        Topics.send(
                broker,
                List.of(new ProducerRecord<>(
                        customers, 0, START + offsetMillis, "k".getBytes(UTF_8), name.getBytes(UTF_8))));
    }

    private void sendOrders(long offsetMillis) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            records.add(new ProducerRecord<>(
                    job.input(),
                    0,
                    START + offsetMillis + i,
                    "k".getBytes(UTF_8),
                    Serdes.Long().serializer().serialize("", 1L)));
        }
        Topics.send(broker, records);
    }

    private static List<String> results(String name, int from, int to) {
        List<String> results = new ArrayList<>();
        for (int sum = from; sum <= to; sum++) {
            results.add(name + " " + sum);
        }
        return results;
    }
}
