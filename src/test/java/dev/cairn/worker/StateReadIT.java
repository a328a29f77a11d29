package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.JsonSerde;
import dev.cairn.api.ListState;
import dev.cairn.api.MapState;
import dev.cairn.api.OrderedSerdes;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;
import dev.cairn.api.ReducingState;
import dev.cairn.api.ValueState;
import dev.cairn.state.Decoder;
import dev.cairn.state.EntryPage;
import dev.cairn.state.EntrySelection;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** What a worker says of its state, at moments when that is not obvious. */
class StateReadIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String KEY = "p0-k0";

    @TempDir
    Path directory;

    @Test
    void shouldTellWhatIsCommittedFromWhatIsProcessed() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 2).set("execution.checkpointing.interval", "10min");
        try (EmbeddedWorker worker = job.worker("worker-1", Kinds::new).start()) {
            worker.awaitRunning(0).awaitRunning(1);
            assertThat(read(worker, "total", KEY, Consistency.LIVE)).isInstanceOf(StateAnswer.Absent.class);

            // When
            job.sendTo(0, 20, 5);
            worker.awaitProcessed(20);

            // Then
            awaitCount(worker, Consistency.LIVE, 4);
            assertThat(read(worker, "total", KEY, Consistency.COMMITTED)).isInstanceOf(StateAnswer.Absent.class);
            worker.worker().checkpoint().join();
            awaitCount(worker, Consistency.COMMITTED, 4);
            job.sendTo(0, 10, 5);
            awaitCount(worker, Consistency.LIVE, 6);
            shouldTellCommittedEntriesFromOthers(worker);
            assertThat(count(read(worker, "total", KEY, Consistency.COMMITTED))).isEqualTo(4);
            assertThat(read(worker, "another", KEY, Consistency.LIVE)).isInstanceOf(StateAnswer.NoSuchState.class);
            assertThat(why(worker.worker().read(query("total", KEY, 0, 3, Consistency.COMMITTED))))
                    .contains("the inputs have 3 partitions");
            assertThat(why(worker.worker().read(query("total", KEY, 7, 0, Consistency.COMMITTED))))
                    .contains("does not have partition 7");
        }
    }

    /** Four records are committed, two are not. */
    private static void shouldTellCommittedEntriesFromOthers(EmbeddedWorker worker) {
        for (Consistency consistency : Consistency.values()) {
            // Given
            long numbers = consistency == Consistency.COMMITTED ? 4 : 6;

            // When
            EntryPage some = page(ask(worker, "map", new EntrySelection(null, null, "2", false, 3), consistency));
            EntryPage last = page(ask(worker, "map", new EntrySelection(null, null, null, true, 1), consistency));
            EntryPage list = page(ask(worker, "list", new EntrySelection(null, null, null, false, 9), consistency));
            StateAnswer one = ask(worker, "map", new EntrySelection("4", null, null, false, 9), consistency);
            StateAnswer none = ask(worker, "map", new EntrySelection("9", null, null, false, 9), consistency);

            // Then
            assertThat(some.entries())
                    .extracting(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                    .containsExactly("2: 1", "3: 1", "4: 1");
            assertThat(some.next() == null).isEqualTo(consistency == Consistency.COMMITTED);
            assertThat(last.entries())
                    .extracting(entry -> new String(entry.value(), StandardCharsets.UTF_8))
                    .containsExactly(numbers + ": 1");
            assertThat(last.next()).isNotNull();
            assertThat(list.entries()).hasSize(2);
            assertThat(one).isInstanceOf(StateAnswer.Found.class);
            assertThat(none).isInstanceOf(StateAnswer.Absent.class);
            assertThat(ask(worker, "sum", new EntrySelection(null, null, null, false, 9), consistency))
                    .isInstanceOfSatisfying(StateAnswer.Found.class, found -> assertThat(found.value())
                            .isEqualTo(new LongSerializer().serialize(null, numbers)));
            assertThat(refused(ask(worker, "sum", new EntrySelection("4", null, null, false, 9), consistency)))
                    .contains("'sum' is of the kind reducing, which has one value");
            assertThat(refused(ask(worker, "map", new EntrySelection("x", null, null, false, 9), consistency)))
                    .contains("entry is no key of the state 'map'", "ordered(long)");
            assertThat(refused(ask(worker, "map", new EntrySelection(null, "4", null, false, 9), consistency)))
                    .contains("prefix is for keys that are text");
            assertThat(refused(ask(worker, "list", null, consistency))).contains("one key at a time");
        }
        assertThat(ask(worker, "map", "unknown", new EntrySelection(null, null, null, false, 9), Consistency.LIVE))
                .isInstanceOf(StateAnswer.Absent.class);
    }

    /** Results of a commit may be seen by others before the database has it. */
    @Test
    void shouldNotAnswerWithWhatWasCommittedBeforeWhileACommitIsUnderWay() throws Exception {
        TestJob job = new TestJob(Brokers.shared(), directory, 1);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Given
            job.send(20, 5);
            awaitCount(worker, Consistency.COMMITTED, 4);
            StepGate.Hold committed = worker.gate().holdAt(COMMITTED);
            job.send(20, 5);
            committed.awaitHeld();

            // When
            assertThat(why(read(worker, "total", KEY, Consistency.COMMITTED))).contains("being committed");
            awaitCount(worker, Consistency.LIVE, 8);
            CompletableFuture<StateAnswer> waiting =
                    CompletableFuture.supplyAsync(() -> read(worker, "total", KEY, Consistency.COMMITTED));
            committed.release();

            // Then
            assertThat(count(waiting.get())).isEqualTo(8);
        }
    }

    @Test
    void shouldNotAnswerWhileTheLoopIsBusy() {
        TestJob job = new TestJob(Brokers.shared(), directory, 1);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.send(20, 5);
            awaitCount(worker, Consistency.COMMITTED, 4);
            StepGate.Hold record = worker.gate().holdBeforeRecord("42");
            job.sendValue("other", "42");
            record.awaitHeld();

            assertThat(why(read(worker, "total", KEY, Consistency.LIVE))).contains("busy");
            record.release();
            awaitCount(worker, Consistency.LIVE, 4);
        }
    }

    /** Someone else may have its partitions, and it would not know. */
    @Test
    void shouldNotAnswerOnceTheGroupHasNotBeenHeardOfForASession() {
        try (StoppableBroker broker = Brokers.own(directory.resolve("broker"))) {
            TestJob job = new TestJob(broker, directory, 1);
            try (EmbeddedWorker worker = job.start("worker-1")) {
                // Given
                job.send(20, 5);
                awaitCount(worker, Consistency.COMMITTED, 4);

                // When
                broker.pause();
                long paused = System.nanoTime();
                await("it is not sure any more")
                        .atMost(LIMIT)
                        .until(() ->
                                read(worker, "total", KEY, Consistency.COMMITTED) instanceof StateAnswer.Unavailable);

                // Then
                assertThat(Duration.ofNanos(System.nanoTime() - paused)).isLessThan(Duration.ofSeconds(6));
                broker.resume();
                awaitCount(worker, Consistency.COMMITTED, 4);
            }
        }
    }

    private static void awaitCount(EmbeddedWorker worker, Consistency consistency, long expected) {
        await(consistency + " count of " + expected)
                .atMost(LIMIT)
                .until(() -> read(worker, "total", KEY, consistency) instanceof StateAnswer.Found found
                        && count(found) == expected);
    }

    private static StateAnswer read(EmbeddedWorker worker, String state, String key, Consistency consistency) {
        return worker.worker().read(query(state, key, 0, 0, consistency));
    }

    private static StateQuery query(String state, String key, int partition, int count, Consistency consistency) {
        return new StateQuery(state, key.getBytes(StandardCharsets.UTF_8), null, partition, count, consistency);
    }

    private static StateAnswer ask(
            EmbeddedWorker worker, String state, EntrySelection entries, Consistency consistency) {
        return ask(worker, state, KEY, entries, consistency);
    }

    private static StateAnswer ask(
            EmbeddedWorker worker, String state, String key, EntrySelection entries, Consistency consistency) {
        return worker.worker()
                .read(new StateQuery(state, key.getBytes(StandardCharsets.UTF_8), entries, 0, 0, consistency));
    }

    private static EntryPage page(StateAnswer answer) {
        assertThat(answer).isInstanceOf(StateAnswer.FoundEntries.class);
        return ((StateAnswer.FoundEntries) answer).page();
    }

    private static String refused(StateAnswer answer) {
        assertThat(answer).isInstanceOf(StateAnswer.Refused.class);
        return ((StateAnswer.Refused) answer).why();
    }

    private static long count(StateAnswer answer) {
        assertThat(answer).isInstanceOf(StateAnswer.Found.class);
        StateAnswer.Found found = (StateAnswer.Found) answer;
        return Decoder.ofValues(found.state())
                .decode(found.value())
                .path("count")
                .asLong();
    }

    private static String why(StateAnswer answer) {
        assertThat(answer).isInstanceOf(StateAnswer.Unavailable.class);
        return ((StateAnswer.Unavailable) answer).why();
    }

    /** A processor that keeps each kind of state. */
    private static final class Kinds implements Processor<String, String, String, String> {

        private ValueState<Count> total;
        private MapState<Long, String> map;
        private ListState<String> list;
        private ReducingState<Long> sum;

        /** How many records there were. */
        record Count(long count) {}

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
            total = declare.valueState("total", JsonSerde.of(Count.class));
            map = declare.mapState("map", OrderedSerdes.longs(), Serdes.String());
            list = declare.listState("list", Serdes.String());
            sum = declare.reducingState("sum", Serdes.Long(), Long::sum);
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            long count = sum.add(1L);
            total.update(new Count(count));
            map.put(count, count + ": 1");
            list.add(input.value());
            list.keepLast(2);
        }
    }
}
