package dev.cairn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.cairn.testkit.broker.ForkedBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * Records per second of a worker next to a plain client loop over a {@code HashMap}, on the same broker in the same run.
 *
 * <p>Both read the same topic, keep a count and a sum per key, and write the new pair for each record. The worker does so
 * exactly once with checkpoints every ten seconds; the loop keeps nothing.
 *
 * <p>Arguments: records (10,000,000), keys (1,000,000), loops (2), rounds (2), then JVM flags of the measured processes.
 */
public final class Throughput {

    static final int PARTITIONS = 4;
    static final String INPUT = "bench-in";

    private Throughput() {}

    public static void main(String[] arguments) throws Exception {
        long records = number(arguments, 0, 10_000_000);
        int keys = (int) number(arguments, 1, 1_000_000);
        int loops = (int) number(arguments, 2, 2);
        int rounds = (int) number(arguments, 3, 2);
        List<String> flags = arguments.length > 4 ? List.of(arguments).subList(4, arguments.length) : List.of("-Xmx4g");
        Path directory = Files.createTempDirectory(Path.of("target"), "throughput");
        try (ForkedBroker broker = ForkedBroker.start(
                directory.resolve("broker"), Map.of("log.segment.bytes", "268435456"), List.of("-Xmx2g"))) {
            broker.createTopic(INPUT, PARTITIONS);
            load(broker.bootstrapServers(), records, keys);
            say("loaded %,d records of %,d keys", records, keys);
            for (int round = 1; round <= rounds; round++) {
                double plain = measure(broker, directory, "plain", "plain-" + round, records, loops, flags)
                        .rate();
                double cairn = measure(broker, directory, "cairn", "cairn-" + round, records, loops, flags)
                        .rate();
                say("round %d: plain %,.0f/s, cairn %,.0f/s, ratio %.2f", round, plain, cairn, cairn / plain);
            }
        } finally {
            delete(directory);
        }
    }

    /** What a process achieved: records per second, and microseconds of CPU for each. */
    record Result(double rate, double cpuMicros) {}

    static Result measure(
            ForkedBroker broker,
            Path directory,
            String mode,
            String name,
            long records,
            int loops,
            List<String> flags) {
        broker.createTopic(name + "-out", PARTITIONS);
        try (WorkerProcess process = WorkerProcess.ofMain(
                        MeasuredMain.class,
                        mode,
                        broker.bootstrapServers(),
                        INPUT,
                        name + "-out",
                        name,
                        directory.resolve(name).toAbsolutePath().toString(),
                        Long.toString(records),
                        Integer.toString(loops))
                .name(name)
                .jvm(flags.toArray(String[]::new))
                .onOutput(line -> say("  %s", line))
                .start()) {
            String rate = process.awaitOutput("RESULT ([0-9.]+)", Duration.ofMinutes(10));
            String cpu = process.awaitOutput("us of CPU a record", Duration.ofSeconds(1));
            process.awaitExit(Duration.ofMinutes(1));
            return new Result(
                    Double.parseDouble(rate.substring(rate.indexOf("RESULT ") + 7)),
                    Double.parseDouble(cpu.substring(0, cpu.indexOf(' '))));
        }
    }

    static void load(String bootstrapServers, long records, int keys) {
        SplittableRandom random = new SplittableRandom(42);
        load(bootstrapServers, records, () -> "user-" + (10_000_000 + random.nextInt(keys)), i -> ByteBuffer.allocate(
                        Long.BYTES)
                .putLong(i & 1023)
                .array());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A record that is missing would be missed.
    static void load(String bootstrapServers, long records, Supplier<String> keys, LongFunction<byte[]> values) {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "batch.size", 262144, "linger.ms", 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long i = 0; i < records; i++) {
                byte[] key = keys.get().getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(INPUT, key, values.apply(i)));
            }
        }
    }

    static long number(String[] arguments, int index, long otherwise) {
        return arguments.length > index ? Long.parseLong(arguments[index]) : otherwise;
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
