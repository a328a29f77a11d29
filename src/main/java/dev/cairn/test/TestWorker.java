package dev.cairn.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.cairn.api.Processor;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.PartitionTime;
import dev.cairn.state.StateSerdeException;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.status.StopWorkerException;

/** The worker of a test: partitions, what they have written, and when checkpoints are taken. */
final class TestWorker<K, V, KOut, VOut> {

    private static final int FIRST = 0;

    /** How often a loop looks whether an input has records: an input of which that is not known is not idle. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final TestSettings settings;
    private final Instances<K, V, KOut, VOut> instances;
    private final TestDisk disk = TestDisk.create();
    private final TestOutputs outputs;
    private final Failures failures = new Failures();
    private final RunningProcessor.Surroundings surroundings;
    private final NavigableMap<Integer, TestPartition<K, V, KOut, VOut>> partitions = new TreeMap<>();
    private final List<RunningProcessor<K, V, KOut, VOut>> killed = new ArrayList<>();
    private Instant now = ProcessorTest.START;
    private Instant lastSent = ProcessorTest.START;
    private int checkpoints;
    private WorkerStoppedException stopped;
    private boolean failed;
    private boolean closed;

    private TestWorker(TestSettings settings, Instances<K, V, KOut, VOut> instances) {
        this.settings = settings;
        this.instances = instances;
        this.outputs = new TestOutputs(settings.maxRequestBytes(), settings.exactlyOnce(), () -> now.toEpochMilli());
        this.surroundings = new RunningProcessor.Surroundings(
                settings,
                outputs,
                failures,
                new RecordErrors(settings.worker().job(), outputs, failures),
                () -> now.toEpochMilli());
    }

    /** With the first partition, which every test has. */
    static <K, V, KOut, VOut> TestWorker<K, V, KOut, VOut> start(
            Supplier<? extends Processor<K, V, KOut, VOut>> processors, TestSettings settings) {
        TestWorker<K, V, KOut, VOut> worker = new TestWorker<>(settings, new Instances<>(processors));
        try {
            worker.run(() -> worker.partition(FIRST));
            return worker;
        } catch (RuntimeException | Error e) {
            worker.discard();
            throw e;
        }
    }

    TestInput<K, V> input() {
        if (first().declared().input() == null) {
            throw new IllegalStateException(
                    "the processor declares no input without a name: ask for input(name), one of "
                            + first().declared().inputs().keySet());
        }
        return TestInput.of(
                this, first().unnamedTopics().get(0), first().declared().input());
    }

    /** The input of a name, or the one without a name in a topic of this name. */
    <IK, IV> TestInput<IK, IV> input(String name) {
        ObservedDeclaration<K, V, KOut, VOut> declared = first().declared();
        JobSettings job = first().job();
        if (declared.inputs().containsKey(name)) {
            return TestInput.of(
                    this, job.namedInputs().topic(name), typed(declared.inputs().get(name)));
        }
        if (declared.input() != null && first().unnamedTopics().contains(name)) {
            return TestInput.of(this, name, typed(declared.input()));
        }
        throw new IllegalArgumentException("the processor declares no input '" + name + "'; it declares "
                + declared.inputs().keySet() + ", and the job reads " + job.inputTopics());
    }

    TestOutput<KOut, VOut> output() {
        if (first().declared().output() == null) {
            throw new IllegalStateException("the processor declares no output without a name");
        }
        return new TestOutput<>(
                outputs,
                first().job().outputTopic().orElseThrow(),
                first().declared().output());
    }

    <OK, OV> TestOutput<OK, OV> output(String name) {
        Map<String, ObservedDeclaration.Serdes<?, ?>> declared =
                first().declared().outputs();
        if (!declared.containsKey(name)) {
            throw new IllegalArgumentException(
                    "the processor declares no output '" + name + "'; it declares " + declared.keySet());
        }
        return new TestOutput<>(outputs, first().job().namedOutputs().topic(name), typed(declared.get(name)));
    }

    /** The test says of which type it is, as it knows from the declaration. */
    @SuppressWarnings("unchecked")
    private static <A, B> ObservedDeclaration.Serdes<A, B> typed(ObservedDeclaration.Serdes<?, ?> serdes) {
        return (ObservedDeclaration.Serdes<A, B>) serdes;
    }

    Optional<Instant> watermark() {
        long watermark = first().watermark();
        return watermark == PartitionTime.NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(watermark));
    }

    TestState state(String name) {
        Map<String, ?> states = first().declared().states();
        if (!states.containsKey(name)) {
            throw new IllegalArgumentException(
                    "the processor declares no state '" + name + "'; it declares " + states.keySet());
        }
        return new TestState(this, name, FIRST);
    }

    private RunningProcessor<K, V, KOut, VOut> first() {
        return partitions.get(FIRST).running();
    }

    List<FailedRecord> errors() {
        return failures.all();
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return settings.worker().job().deadLetterTopic().stream()
                .flatMap(outputs::all)
                .map(letter -> TestOutputs.read(letter, new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                .toList();
    }

    Instant now() {
        return now;
    }

    void advanceTo(Instant time) {
        if (time.isBefore(now)) {
            throw new IllegalArgumentException("it is " + now + ", and time does not run backwards to " + time);
        }
        requireRunning();
        run(() -> {
            while (now.isBefore(time)) {
                now = next(time);
                partitions.values().forEach(partition -> {
                    partition.running().quiet();
                    partition.running().fire();
                });
            }
        });
    }

    /** Time stops at each timer by the clock, and looks at inputs until they are idle. */
    private Instant next(Instant end) {
        Instant next = end;
        Instant idle = lastSent.plus(settings.worker().job().eventTimeIdle()).plus(LOOK);
        for (TestPartition<K, V, KOut, VOut> each : partitions.values()) {
            next = earlier(next, Instant.ofEpochMilli(Math.max(each.running().nextByClock(), now.toEpochMilli() + 1)));
            if (each.running().waitsForInputs() && now.isBefore(idle)) {
                next = earlier(next, now.plus(LOOK));
            }
        }
        return next;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    void send(SentRecord record) {
        requireRunning();
        run(() -> {
            TestPartition<K, V, KOut, VOut> partition = partition(record.partition());
            lastSent = now;
            partition.append(record);
            partition.process();
        });
    }

    /** A partition, with a processor that runs. */
    private TestPartition<K, V, KOut, VOut> partition(int number) {
        TestPartition<K, V, KOut, VOut> partition = partitions.get(number);
        if (partition == null) {
            partition = new TestPartition<>(number, disk, surroundings);
            try {
                partition.start(instances.next());
            } catch (RuntimeException | Error e) {
                partition.close();
                throw e;
            }
            partitions.put(number, partition);
        }
        return partition;
    }

    /** The processor of a partition; {@code null} where nothing was sent to it. */
    RunningProcessor<K, V, KOut, VOut> find(int number) {
        requireOpen();
        TestPartition<K, V, KOut, VOut> found = partitions.get(number);
        return found == null ? null : found.running();
    }

    void checkpoint() {
        requireRunning();
        run(() -> {
            String checkpoint = "checkpoint-" + ++checkpoints;
            Map<TestPartition<K, V, KOut, VOut>, TestPartition.Frozen> frozen = new LinkedHashMap<>();
            partitions.values().forEach(partition -> frozen.put(partition, partition.freeze(checkpoint)));
            frozen.forEach(TestPartition::commit);
            outputs.commit();
            failures.commit();
        });
    }

    void restart() {
        if (stopped != null) {
            crash();
            return;
        }
        requireOpen();
        List<Processor<K, V, KOut, VOut>> next = instances();
        checkpoint();
        partitions.values().forEach(TestPartition::end);
        resume(next);
    }

    /** One for each partition, before anything is given up for them. */
    private List<Processor<K, V, KOut, VOut>> instances() {
        return partitions.keySet().stream().map(partition -> instances.next()).toList();
    }

    void restart(Supplier<? extends Processor<K, V, KOut, VOut>> processors) {
        instances.use(processors);
        restart();
    }

    void crash() {
        requireOpen();
        List<Processor<K, V, KOut, VOut>> next = instances();
        partitions.values().forEach(partition -> killed.add(partition.kill()));
        outputs.rollBack();
        failures.rollBack();
        resume(next);
    }

    private void resume(List<Processor<K, V, KOut, VOut>> processors) {
        stopped = null;
        run(() -> {
            Iterator<Processor<K, V, KOut, VOut>> next = processors.iterator();
            partitions.values().forEach(partition -> partition.start(next.next()));
            partitions.values().forEach(TestPartition::process);
        });
    }

    /** Does what may stop the worker. */
    private void run(Runnable step) {
        try {
            step.run();
        } catch (StopWorkerException | StateSerdeException e) {
            stopped = new WorkerStoppedException(e.getMessage(), e.getCause());
            throw stopped;
        } catch (AssertionError e) {
            failed = true;
            throw e;
        }
    }

    private void requireRunning() {
        requireOpen();
        if (stopped != null) {
            throw new IllegalStateException(
                    "the worker has stopped, and processes nothing until restart() or crash(): " + stopped.getMessage(),
                    stopped);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the test has been closed");
        }
    }

    void close() {
        if (closed) {
            return;
        }
        try {
            if (stopped == null && !failed) {
                partitions.values().forEach(partition -> partition.running().verify("at the end of the test"));
            }
        } finally {
            discard();
        }
    }

    private void discard() {
        closed = true;
        partitions.values().forEach(TestPartition::end);
        killed.forEach(RunningProcessor::close);
        partitions.values().forEach(TestPartition::close);
        disk.close();
    }
}
