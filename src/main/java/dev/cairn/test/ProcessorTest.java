package dev.cairn.test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.cairn.api.Processor;

/**
 * Runs a processor as a worker does, without a broker, and shows what it makes of records.
 *
 * <pre>{@code
 * try (var test = ProcessorTest.of(Visits::new)) {
 *     test.send("a", new Visit("/home"));
 *     test.crash();
 *     test.send("a", new Visit("/shop"));
 *
 *     assertEquals(List.of(1L, 2L), test.output().values());
 *     assertEquals(2L, test.state("count").value("a"));
 * }
 * }</pre>
 *
 * <p>Records are processed while they are sent, through the declared serdes, on state in a temporary directory. Time stands
 * still until the test {@linkplain #advanceBy advances} it. A checkpoint is taken when the test {@linkplain #checkpoint
 * says so}.
 *
 * <p>A test fails with an {@link AssertionError} that names the state and the key, when the processor changes a value of a
 * state in place, and when a serde of a state loses something of a value.
 *
 * <p>Used by one thread.
 *
 * @param <K> type of the input's keys
 * @param <V> type of the input's values
 * @param <KOut> type of the output's keys
 * @param <VOut> type of the output's values
 */
public final class ProcessorTest<K, V, KOut, VOut> implements AutoCloseable {

    /** What time it is until the test says otherwise. */
    public static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

    private final TestWorker<K, V, KOut, VOut> worker;

    private ProcessorTest(TestWorker<K, V, KOut, VOut> worker) {
        this.worker = worker;
    }

    /**
     * Starts a processor.
     *
     * @param processors makes a new instance for each partition and after each restart. One with injected fields is made by the
     *     test: {@code of(() -> new Visits(prices))}
     * @throws WorkerStoppedException when it does not declare what a worker needs
     */
    public static <K, V, KOut, VOut> ProcessorTest<K, V, KOut, VOut> of(
            Supplier<? extends Processor<K, V, KOut, VOut>> processors) {
        return of(processors, Map.of());
    }

    /**
     * As {@link #of(Supplier)}, with settings of a worker by their names, such as {@code cairn.errors} and {@code
     * state.backend}. Without them, topics are {@code input}, {@code output} and {@code dead-letters}, and the names of
     * inputs and outputs that have one; the rest is as in a worker.
     *
     * @throws IllegalArgumentException when there is no such setting, or its value cannot be used
     * @throws WorkerStoppedException when the processor does not declare what a worker needs
     */
    public static <K, V, KOut, VOut> ProcessorTest<K, V, KOut, VOut> of(
            Supplier<? extends Processor<K, V, KOut, VOut>> processors, Map<String, String> settings) {
        return new ProcessorTest<>(TestWorker.start(processors, TestSettings.read(settings)));
    }

    /**
     * Sends a record with the time of now as its timestamp, and processes it.
     *
     * @throws WorkerStoppedException when it cannot be processed, and {@code cairn.errors} is {@code fail}
     * @throws AssertionError when the processor changes a value in place, or a serde of a state loses something
     */
    public void send(K key, V value) {
        input().send(key, value);
    }

    /** As {@link #send(Object, Object)}, with a timestamp. */
    public void send(K key, V value, Instant timestamp) {
        input().at(timestamp).send(key, value);
    }

    /** As {@link #send(Object, Object)}, with bytes as they stand in Kafka, which the declared serdes may not be able to read. */
    public void sendRaw(byte[] key, byte[] value) {
        input().sendRaw(key, value);
    }

    /** The input without a name, for records with headers or in another partition. */
    public TestInput<K, V> input() {
        return worker.input();
    }

    /**
     * An input with a name. Where the processor declares none of that name, it is the topic of {@code cairn.input.topics}.
     *
     * @param <IK> type of its keys, as declared
     * @param <IV> type of its values, as declared
     * @throws IllegalArgumentException when there is neither
     */
    public <IK, IV> TestInput<IK, IV> input(String name) {
        return worker.input(name);
    }

    /** What the processor has emitted to the output without a name. */
    public TestOutput<KOut, VOut> output() {
        return worker.output();
    }

    /**
     * What the processor has emitted to an output with a name.
     *
     * @param <OK> type of its keys, as declared
     * @param <OV> type of its values, as declared
     * @throws IllegalArgumentException when it declares none of that name
     */
    public <OK, OV> TestOutput<OK, OV> output(String name) {
        return worker.output(name);
    }

    /**
     * A state as it is now, with what no checkpoint holds yet.
     *
     * @throws IllegalArgumentException when the processor declares none of that name
     */
    public TestState state(String name) {
        return worker.state(name);
    }

    /** The records that failed, under {@code cairn.errors} {@code skip} and {@code dead-letter}. */
    public List<FailedRecord> errors() {
        return worker.errors();
    }

    /** The records that were put aside: as they were sent, with the headers that say what happened. */
    public List<TestRecord<byte[], byte[]>> deadLetters() {
        return worker.deadLetters();
    }

    /** What time it is: processing time, and the timestamp of records that are sent without one. */
    public Instant now() {
        return worker.now();
    }

    /** The event time that the first partition has reached; nothing before the first record, and without event timers. */
    public Optional<Instant> watermark() {
        return worker.watermark();
    }

    /**
     * Lets time pass. Timers by the clock fire on the way, each at its time. Event time passes only where inputs become idle:
     * for all else, send a record with a later timestamp.
     *
     * @param time not before {@link #now}
     * @throws IllegalArgumentException when it is
     */
    public void advanceTo(Instant time) {
        worker.advanceTo(time);
    }

    /** Lets this much time pass. */
    public void advanceBy(Duration duration) {
        worker.advanceTo(now().plus(duration));
    }

    /**
     * Takes a checkpoint: what has changed is serialised and written to the database, and what was emitted is committed.
     *
     * @throws WorkerStoppedException when a value cannot be written
     * @throws AssertionError when a value was changed in place
     */
    public void checkpoint() {
        worker.checkpoint();
    }

    /**
     * Ends the worker as a deployment does, with a checkpoint, and starts another one: new instances of the processor, which
     * read their state from its serialised form. A worker that has {@linkplain WorkerStoppedException stopped} takes no
     * checkpoint, so that this is a {@link #crash} then.
     *
     * @throws IllegalStateException when the supplier gives an instance that was used before
     */
    public void restart() {
        worker.restart();
    }

    /** As {@link #restart()}, with another version of the processor from now on. */
    public void restart(Supplier<? extends Processor<K, V, KOut, VOut>> processors) {
        worker.restart(processors);
    }

    /**
     * Kills the worker as {@code kill -9} does, and starts another one. State and results since the last checkpoint are lost,
     * and the records since then are processed again, by new instances of the processor. Under {@code AT_LEAST_ONCE} the
     * results stay, and are there twice.
     *
     * @throws IllegalStateException when the supplier gives an instance that was used before
     */
    public void crash() {
        worker.crash();
    }

    /**
     * Closes the processors, and deletes the state.
     *
     * @throws AssertionError when a value was changed in place
     */
    @Override
    public void close() {
        worker.close();
    }
}
