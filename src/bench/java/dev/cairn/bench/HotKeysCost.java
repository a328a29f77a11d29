package dev.cairn.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.cairn.state.KeySketch;
import dev.cairn.testkit.broker.ForkedBroker;

/**
 * What it costs to find the hot keys: throughput and CPU of a worker that does and of one that does not, in turns, on the
 * same broker in the same run.
 *
 * <p>Arguments: records (3,000,000), keys (1,000,000), rounds (5), then JVM flags of the measured processes.
 */
public final class HotKeysCost {

    private static final int LOOPS = 2;

    private HotKeysCost() {}

    public static void main(String[] arguments) throws Exception {
        long records = Throughput.number(arguments, 0, 3_000_000);
        int keys = (int) Throughput.number(arguments, 1, 1_000_000);
        int rounds = (int) Throughput.number(arguments, 2, 5);
        List<String> flags = arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : List.of("-Xmx2g");
        sketchAlone(keys);
        if (rounds == 0) {
            return;
        }
        Path directory = Files.createTempDirectory(Path.of("target"), "hot-keys");
        try (ForkedBroker broker = ForkedBroker.start(
                directory.resolve("broker"), Map.of("log.segment.bytes", "268435456"), List.of("-Xmx1g"))) {
            broker.createTopic(Throughput.INPUT, Throughput.PARTITIONS);
            Throughput.load(broker.bootstrapServers(), records, keys);
            List<Throughput.Result> with = new ArrayList<>();
            List<Throughput.Result> without = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                // In changing order, because what comes second finds the caches warm. The first round is not counted.
                for (boolean enabled : List.of(round % 2 == 0, round % 2 != 0)) {
                    List<String> all = new ArrayList<>(flags);
                    all.add("-Dbench.cairn.hot-keys.enabled=" + enabled);
                    Throughput.Result result = Throughput.measure(
                            broker, directory, "cairn", "hot-keys-" + enabled + "-" + round, records, LOOPS, all);
                    Throughput.say(
                            "round %d, hot keys %s: %,.0f/s, %.2f us of CPU",
                            round, enabled, result.rate(), result.cpuMicros());
                    if (round > 0) {
                        (enabled ? with : without).add(result);
                    }
                }
            }
            Throughput.say(
                    "with over without, medians: throughput %.3f, CPU %.3f",
                    median(with, true) / median(without, true), median(with, false) / median(without, false));
        } finally {
            Throughput.delete(directory);
        }
    }

    /** Its time on a CPU for each record, which says what to expect even while the machine does something else. */
    private static void sketchAlone(int keys) {
        byte[][] stream = new byte[1 << 20][];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < stream.length; i++) {
            stream[i] = ("user-" + (10_000_000 + random.nextInt(keys))).getBytes(StandardCharsets.UTF_8);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        KeySketch sketch = new KeySketch(System.nanoTime());
        sketch.stride(16);
        long nanos = 0;
        for (int pass = 0; pass < 8; pass++) {
            long began = threads.getCurrentThreadCpuTime();
            for (byte[] key : stream) {
                sketch.add(key);
            }
            nanos = threads.getCurrentThreadCpuTime() - began;
        }
        // Taken every two seconds: the first ones are those of a JVM that has not compiled them yet.
        for (int pictures : List.of(1, 9, 90, 900)) {
            long began = threads.getCurrentThreadCpuTime();
            int found = 0;
            for (int i = 0; i < pictures; i++) {
                found = sketch.top(20).size();
            }
            long each = (threads.getCurrentThreadCpuTime() - began) / pictures;
            Throughput.say("%d pictures of %d keys: %d us of CPU each", pictures, found, each / 1_000);
        }
        Throughput.say("only the sketch: %.1f ns of CPU a record", (double) nanos / stream.length);
    }

    private static double median(List<Throughput.Result> results, boolean rate) {
        double[] sorted = results.stream()
                .mapToDouble(result -> rate ? result.rate() : result.cpuMicros())
                .sorted()
                .toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
