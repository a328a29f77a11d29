package dev.cairn.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.sun.management.OperatingSystemMXBean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.utils.Bytes;

import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.worker.WorkerSettings;
import dev.cairn.worker.Worker;
import dev.cairn.worker.status.WorkerStatus;

/** A process that reads a topic to its end, by a worker or by a plain loop, and says how fast it was. */
public final class MeasuredMain {

    private static final long SAY_NANOS = Duration.ofSeconds(10).toNanos();

    private MeasuredMain() {}

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.INFO);
        long records = Long.parseLong(arguments[6]);
        int loops = Integer.parseInt(arguments[7]);
        if (arguments[0].equals("plain")) {
            plain(arguments[1], arguments[2], arguments[3], arguments[4], records, loops);
        } else {
            cairn(arguments[1], arguments[2], arguments[3], arguments[4], Path.of(arguments[5]), records, loops);
        }
        System.exit(0);
    }

    private static void cairn(
            String bootstrapServers, String input, String output, String job, Path directory, long records, int loops) {
        WorkerSettings described = new WorkerSettings()
                .job(bootstrapServers, job)
                .reads(input)
                .writes(output)
                .instance("bench")
                .threads(loops)
                .statusEvery("5s")
                .below(directory);
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith("bench.")) {
                described.set(name.toString().substring("bench.".length()), value.toString());
            }
        });
        Settings settings = described.read();
        Worker worker = new Worker(
                settings,
                CountingProcessor::new,
                () -> ObjectStores.open(settings.checkpoints().dir()),
                ObjectStores::open,
                CheckpointObserver.NONE,
                "bench",
                failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
        worker.start();
        report(records, () -> worker.status().records());
        WorkerStatus status = worker.status();
        System.out.println("checkpoints " + status.checkpoints() + ", roll backs " + status.rollBacks() + ", last "
                + status.lastCheckpoint().orElse(null));
        worker.stop();
    }

    private static void plain(
            String bootstrapServers, String input, String output, String group, long records, int loops) {
        List<AtomicLong> counts = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            AtomicLong count = new AtomicLong();
            counts.add(count);
            Thread loop = new Thread(() -> loop(bootstrapServers, input, output, group, count));
            loop.setDaemon(true);
            loop.start();
        }
        report(records, () -> counts.stream().mapToLong(AtomicLong::get).sum());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The plainest loop that there is.
    private static void loop(String bootstrapServers, String input, String output, String group, AtomicLong count) {
        Map<Bytes, Totals> state = new HashMap<>();
        try (KafkaConsumer<byte[], Long> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "group.id",
                                group,
                                "auto.offset.reset",
                                "earliest",
                                "max.poll.records",
                                2000,
                                "enable.auto.commit",
                                false),
                        new ByteArrayDeserializer(),
                        new LongDeserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "batch.size", 131072, "linger.ms", 10),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            consumer.subscribe(List.of(input));
            while (true) {
                ConsumerRecords<byte[], Long> batch = consumer.poll(Duration.ofMillis(50));
                for (ConsumerRecord<byte[], Long> record : batch) {
                    Totals next = state.getOrDefault(Bytes.wrap(record.key()), Totals.NONE)
                            .add(record.value());
                    state.put(Bytes.wrap(record.key()), next);
                    producer.send(new ProducerRecord<>(output, record.key(), next.encode()));
                }
                count.addAndGet(batch.count());
            }
        }
    }

    private static void report(long records, LongSupplier progress) {
        while (progress.getAsLong() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        long first = progress.getAsLong();
        long started = System.nanoTime();
        long cpuStarted = cpuNanos();
        long last = first;
        long lastSaid = started;
        while (progress.getAsLong() < records) {
            LockSupport.parkNanos(1_000_000);
            long now = System.nanoTime();
            if (now - lastSaid >= SAY_NANOS) {
                long processed = progress.getAsLong();
                System.out.println(String.format(
                        Locale.ROOT, "%,d records, %,.0f/s", processed, (processed - last) * 1e9 / (now - lastSaid)));
                last = processed;
                lastSaid = now;
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        double cpuMicros = (cpuNanos() - cpuStarted) / 1e3 / (records - first);
        System.out.println(String.format(Locale.ROOT, "%.2f us of CPU a record", cpuMicros));
        System.out.println(String.format(Locale.ROOT, "RESULT %.0f", (records - first) / seconds));
    }

    /** Comparable even while the machine does something else. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
