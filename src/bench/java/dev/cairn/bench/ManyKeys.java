package dev.cairn.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.cairn.testkit.broker.ForkedBroker;
import dev.cairn.testkit.container.MemoryLimit;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * A worker with far more state than memory, inside of a container's limit: first every key once, then updates of random
 * keys. Linux, as root.
 *
 * <p>Arguments: keys (20,000,000), updates (2,000,000), the container's limit in MiB (640), then JVM flags (-Xmx256m).
 */
public final class ManyKeys {

    private static final String INPUT = "keys-in";
    private static final String OUTPUT = "keys-out";
    private static final int PARTITIONS = 4;

    private ManyKeys() {}

    public static void main(String[] arguments) throws Exception {
        int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000_000;
        int updates = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000_000;
        long limit = (arguments.length > 2 ? Long.parseLong(arguments[2]) : 640) << 20;
        List<String> flags =
                arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : List.of("-Xmx256m");
        Path directory = Files.createTempDirectory(Path.of("target"), "many-keys");
        try (MemoryLimit memory = MemoryLimit.of(limit).orElseThrow();
                ForkedBroker broker = ForkedBroker.start(
                        directory.resolve("broker"), Map.of("log.segment.bytes", "268435456"), List.of("-Xmx1g"))) {
            broker.createTopic(INPUT, PARTITIONS);
            broker.createTopic(OUTPUT, PARTITIONS);
            load(broker.bootstrapServers(), keys, updates);
            say("loaded %,d keys and %,d updates", keys, updates);
            try (WorkerProcess process = WorkerProcess.ofMain(
                            MeasuredMain.class,
                            "cairn",
                            broker.bootstrapServers(),
                            INPUT,
                            OUTPUT,
                            "many-keys",
                            directory.resolve("worker").toAbsolutePath().toString(),
                            Long.toString((long) keys + updates),
                            "2")
                    .name("many-keys")
                    .launchedBy(memory.launcher())
                    .jvm(flags.toArray(String[]::new))
                    .onOutput(line -> say("  %s", line))
                    .start()) {
                process.awaitOutput("RESULT ([0-9.]+)", Duration.ofMinutes(60));
                say("killed by the limit: %d", memory.kills());
                say(
                        "resident: %s",
                        Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                                .filter(line -> line.startsWith("VmHWM") || line.startsWith("Rss"))
                                .toList());
                process.awaitExit(Duration.ofMinutes(2));
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A record that is missing would be missed.
    private static void load(String bootstrapServers, int keys, int updates) {
        SplittableRandom random = new SplittableRandom(1);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "batch.size", 262144, "linger.ms", 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long i = 0; i < (long) keys + updates; i++) {
                long key = i < keys ? i : random.nextInt(keys);
                byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(i & 1023).array();
                producer.send(new ProducerRecord<>(
                        INPUT, ("user-" + (100_000_000 + key)).getBytes(StandardCharsets.UTF_8), value));
            }
        }
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
