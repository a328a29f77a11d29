package dev.cairn.testkit.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.processors.AggregateProcessors;
import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsReader;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.Logs;
import dev.cairn.worker.Worker;

/**
 * A worker of the aggregate over {@code /value} without a container, configured by environment variables, that kills its
 * own process when a checkpoint has reached a step for the n-th time, and takes its time for every record, so that there
 * is something left to do.
 */
public final class FaultyWorkerMain {

    /** Variable: a {@link CheckpointStep}. */
    public static final String STEP = "FAULT_STEP";

    /** Variable: how often the step is reached until the process dies. */
    public static final String OCCURRENCE = "FAULT_AT";

    /** Variable: a {@link Counting}. */
    public static final String COUNTING = "FAULT_COUNTING";

    /** Variable: how long every record takes. */
    public static final String MICROS_PER_RECORD = "FAULT_MICROS_PER_RECORD";

    /** What is counted together. */
    public enum Counting {
        /** Every time, in all partitions. */
        OVERALL {
            @Override
            Object unit(int partition, long number) {
                return this;
            }
        },
        /** Only what happens to one partition after one checkpoint, such as the deletions that it leads to. */
        AFTER_ONE_CHECKPOINT {
            @Override
            Object unit(int partition, long number) {
                return partition + "/" + number;
            }
        };

        abstract Object unit(int partition, long number);
    }

    private FaultyWorkerMain() {}

    /** Runs until it dies. */
    public static void main(String[] args) {
        Logs.toConsole();
        Logs.quiet();
        Map<String, String> variables = System.getenv();
        Fault fault = new Fault(
                CheckpointStep.valueOf(variables.get(STEP)),
                Integer.parseInt(variables.get(OCCURRENCE)),
                Counting.valueOf(variables.get(COUNTING)),
                new ConcurrentHashMap<>());
        Duration perRecord = Duration.ofNanos(1_000 * Long.parseLong(variables.get(MICROS_PER_RECORD)));
        worker(variables, perRecord, fault).start();
    }

    /** A worker without faults, in this JVM, with variables as of the environment ({@code CAIRN_JOB}). */
    public static Worker worker(Map<String, String> variables) {
        return worker(variables, Duration.ZERO, CheckpointObserver.NONE);
    }

    private static Worker worker(Map<String, String> variables, Duration perRecord, CheckpointObserver observer) {
        Settings settings = SettingsReader.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(variables, 300))
                .build());
        return new Worker(
                settings,
                () -> new Slow<>(AggregateProcessors.create("/value"), perRecord),
                () -> ObjectStores.open(settings.checkpoints().dir()),
                ObjectStores::open,
                observer,
                "test",
                FaultyWorkerMain::report);
    }

    private static void report(Throwable failure) {
        System.out.println("the worker has failed");
        failure.printStackTrace(System.out);
    }

    private record Fault(CheckpointStep step, int occurrence, Counting counting, Map<Object, Integer> reached)
            implements CheckpointObserver {

        @Override
        public void reached(CheckpointStep at, int partition, long number) {
            if (at == step && reached.merge(counting.unit(partition, number), 1, Integer::sum) == occurrence) {
                System.out.println("dies at " + step + " of chk-" + number + " of partition " + partition);
                kill();
            }
        }

        /** As an operator does, and the system when memory is short: nothing in this process gets to know. */
        private static void kill() {
            try {
                new ProcessBuilder(
                                "kill",
                                "-9",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            while (true) {
                LockSupport.park();
            }
        }
    }

    private record Slow<K, V, KOut, VOut>(Processor<K, V, KOut, VOut> processor, Duration perRecord)
            implements Processor<K, V, KOut, VOut> {

        @Override
        public void declare(Declaration<K, V, KOut, VOut> declare) {
            processor.declare(declare);
        }

        @Override
        public void process(InputRecord<K, V> input, Output<KOut, VOut> output) throws Exception {
            processor.process(input, output);
            LockSupport.parkNanos(perRecord.toNanos());
        }

        @Override
        public void close() {
            processor.close();
        }
    }
}
