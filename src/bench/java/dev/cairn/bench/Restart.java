package dev.cairn.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import dev.cairn.testkit.broker.ForkedBroker;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.testkit.worker.WorkerSettings;

/**
 * How long after its JVM's start a restarted worker with its disk has processed a new record: the packaged worker is killed
 * (SIGKILL) while it works, and started again.
 *
 * <p>Arguments: keys (100,000), restarts (5), then JVM flags of the worker.
 */
public final class Restart {

    private static final int PARTITIONS = 4;
    private static final String INPUT = "restart-in";
    private static final String OUTPUT = "restart-out";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Restart() {}

    public static void main(String[] arguments) throws Exception {
        int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int restarts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        List<String> flags = arguments.length > 2 ? List.of(arguments).subList(2, arguments.length) : List.of();
        Path directory = Files.createTempDirectory(Path.of("target"), "restart").toAbsolutePath();
        try (ForkedBroker broker = ForkedBroker.start(directory.resolve("broker"), Map.of(), List.of("-Xmx1g"));
                Producer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer());
                Consumer<byte[], String> reader = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new StringDeserializer())) {
            broker.createTopic(INPUT, PARTITIONS);
            broker.createTopic(OUTPUT, PARTITIONS);
            send(producer, keys, keys);
            reader.assign(outputs());
            WorkerProcess.Builder worker = WorkerProcess.asDeployed()
                    .jvm(flags.toArray(String[]::new))
                    .set(new WorkerSettings()
                            .job(broker.bootstrapServers(), "restart")
                            .reads(INPUT)
                            .writes(OUTPUT)
                            .aggregates("/value")
                            .instance("bench")
                            .threads(2)
                            .statusEvery("1s")
                            .checkpointsEvery("1s")
                            .below(directory)
                            .asMap());
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i <= restarts; i++) {
                reader.seekToEnd(outputs());
                outputs().forEach(reader::position);
                long started = System.nanoTime();
                try (WorkerProcess process = worker.start()) {
                    long processed = firstResult(reader, started);
                    if (i > 0) {
                        millis.add(processed);
                        System.out.println("first new record after " + processed + " ms");
                        process.output().forEach(line -> System.out.println("  " + line));
                    }
                    process.awaitOutput("chk-[0-9]+", LIMIT);
                    // Work under way, and a transaction open, when it is killed.
                    send(producer, keys / 10, keys);
                    process.kill9();
                }
            }
            System.out.println(String.format(Locale.ROOT, "RESULT %s ms", millis));
        }
    }

    private static long firstResult(Consumer<byte[], String> reader, long started) {
        while (System.nanoTime() - started < LIMIT.toNanos()) {
            if (!reader.poll(Duration.ofMillis(5)).isEmpty()) {
                return (System.nanoTime() - started) / 1_000_000;
            }
        }
        throw new IllegalStateException("no result within " + LIMIT);
    }

    private static List<TopicPartition> outputs() {
        List<TopicPartition> outputs = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            outputs.add(new TopicPartition(OUTPUT, partition));
        }
        return outputs;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A record that is missing would be missed.
    private static void send(Producer<String, String> producer, int records, int keys) {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>(INPUT, "user-" + random.nextInt(keys), "{\"value\":" + i % 100 + "}"));
        }
        producer.flush();
    }
}
