package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;

import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.api.ValueState;

/** Random programs over timers, next to plain collections of Java, over a real RocksDB. */
class DeclaredTimersTest {

    private static final int STEPS = 60_000;
    private static final int KEYS = 4_000;
    private static final long PLENTY = 64L << 20;

    @TempDir
    Path directory;

    private RocksResources resources;
    private PartitionDatabase database;
    private int files;

    /** What the timers should be: the time of each key that has one, and them in their order. */
    private static final class Model {

        private record Timer(long time, ByteBuffer buffer) {

            byte[] key() {
                return bytes(buffer);
            }
        }

        private final Map<ByteBuffer, Long> times = new HashMap<>();
        private final TreeSet<Timer> ordered =
                new TreeSet<>(Comparator.comparingLong(Timer::time).thenComparing(Timer::key, Arrays::compareUnsigned));

        Model copy() {
            Model copy = new Model();
            times.forEach((key, time) -> copy.set(bytes(key), time));
            return copy;
        }

        void set(byte[] key, long time) {
            delete(key);
            times.put(ByteBuffer.wrap(key), time);
            ordered.add(new Timer(time, ByteBuffer.wrap(key)));
        }

        void delete(byte[] key) {
            Long before = times.remove(ByteBuffer.wrap(key));
            if (before != null) {
                ordered.remove(new Timer(before, ByteBuffer.wrap(key)));
            }
        }

        private static byte[] bytes(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }

        OptionalLong at(byte[] key) {
            Long time = times.get(ByteBuffer.wrap(key));
            return time == null ? OptionalLong.empty() : OptionalLong.of(time);
        }
    }

    private record Declared(KeyedState state, DeclaredTimers timers, ValueState<String> other) {

        static Declared over(PartitionDatabase database, StateMemory memory, List<StateDescriptor> stored) {
            KeyedState state = new KeyedState(database, memory, stored);
            Declared declared =
                    new Declared(state, state.eventTimers("timer"), state.valueState("other", Serdes.String()));
            if (memory.holdsAll()) {
                state.load(() -> true);
                state.start();
            }
            return declared;
        }
    }

    @BeforeEach
    void open() {
        resources = new RocksResources(8L << 20);
        database = PartitionDatabase.open(directory.resolve("db"), resources);
    }

    @AfterEach
    void close() {
        database.close();
        resources.close();
    }

    @ParameterizedTest
    @Tag("rule-C7")
    @CsvSource({"1, false", "2, false", "3, false", "4, true", "5, true", "6, true"})
    void shouldBehaveLikePlainCollections(long seed, boolean holdsAll) {
        // Given: a cache so small that what is near is evicted all the time, or everything on the heap
        Random random = new Random(seed);
        StateMemory memory = holdsAll ? StateMemory.holdingAll(PLENTY, PLENTY) : StateMemory.caching(PLENTY, 20_000);
        Declared declared = Declared.over(database, memory, List.of());
        Model committed = new Model();
        Model frozen = null;
        Model current = new Model();
        List<Change> changes = null;

        for (int step = 0; step < STEPS; step++) {
            String when = "seed " + seed + ", step " + step;
            int dice = random.nextInt(10_000);
            if (dice < 10 && changes == null) {
                // When: an epoch ends
                changes = declared.state().freeze();
                frozen = current.copy();
            } else if (dice < 30 && changes != null) {
                // When: its checkpoint is committed
                ingest(changes);
                declared.state().releaseFrozen();
                committed = frozen;
                changes = null;
            } else if (dice >= 30 && dice < 36) {
                // When: the loop rolls back, or the worker starts again
                if (dice < 33) {
                    declared.state().rollBack();
                } else {
                    declared.state().close();
                    assertThat(memory.cached()).isZero();
                    declared = Declared.over(database, memory, declared.state().descriptors());
                }
                current = committed.copy();
                changes = null;
                assertThat(memory.changes()).isZero();
                assertThat(memory.frozen()).isZero();
            } else if (dice < 4_000) {
                // When: the earliest timers fire, and some of them fail
                fire(declared, current, random, when);
            } else {
                use(declared, current, random, when);
            }
        }

        // Then: what is in the database is what was committed, and no memory is held any more
        declared.state().close();
        assertThat(memory.cached()).isZero();
        assertThat(memory.changes()).isZero();
        assertThat(memory.frozen()).isZero();
        declared = Declared.over(database, memory, declared.state().descriptors());
        for (Model.Timer expected : committed.ordered) {
            assertThat(declared.timers().nextTime()).isEqualTo(expected.time());
            assertThat(declared.timers().nextKey()).isEqualTo(expected.key());
            declared.state().beginRecord(expected.key());
            declared.timers().fired();
            declared.state().keepRecord();
        }
        assertThat(declared.timers().nextTime()).isEqualTo(DeclaredTimers.NEVER);
    }

    private static void use(Declared declared, Model model, Random random, String when) {
        byte[] key = key(random.nextInt(KEYS));
        declared.state().beginRecord(key);
        assertThat(declared.timers().at()).as(when).isEqualTo(model.at(key));
        OptionalLong expected = model.at(key);
        for (int uses = random.nextInt(3); uses >= 0; uses--) {
            if (random.nextInt(4) == 0) {
                declared.timers().delete();
                expected = OptionalLong.empty();
            } else {
                // Once in a while the same time again, and now and then before everything else.
                long time = random.nextInt(8) == 0
                        ? model.at(key).orElse(7)
                        : random.nextInt(20) == 0 ? -random.nextInt(100) : random.nextInt(10_000);
                declared.timers().set(time);
                expected = OptionalLong.of(time);
            }
            assertThat(declared.timers().at()).as(when).isEqualTo(expected);
        }
        if (random.nextInt(8) == 0) {
            declared.state().dropRecord();
        } else {
            declared.other().update("v" + random.nextInt());
            declared.state().keepRecord();
            if (expected.isPresent()) {
                model.set(key, expected.getAsLong());
            } else {
                model.delete(key);
            }
        }
    }

    private static void fire(Declared declared, Model model, Random random, String when) {
        for (int count = random.nextInt(3); count >= 0; count--) {
            if (model.ordered.isEmpty()) {
                assertThat(declared.timers().nextTime()).as(when).isEqualTo(DeclaredTimers.NEVER);
                return;
            }
            Model.Timer first = model.ordered.first();
            assertThat(declared.timers().nextTime()).as(when).isEqualTo(first.time());
            byte[] key = declared.timers().nextKey();
            assertThat(key).as(when).isEqualTo(first.key());
            declared.state().beginRecord(key);
            declared.timers().fired();
            assertThat(declared.timers().at()).as(when).isEmpty();
            boolean again = random.nextInt(6) == 0;
            if (again) {
                declared.timers().set(first.time() + 10);
            }
            if (random.nextInt(8) == 0) {
                declared.state().dropRecord();
            } else {
                declared.state().keepRecord();
                model.delete(key);
                if (again) {
                    model.set(key, first.time() + 10);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void shouldFireInOrderWhatIsFarMoreThanFitsOnTheHeap(boolean holdsAll) {
        // Given: timers in the database, some of which were replaced in the epoch after
        StateMemory memory = holdsAll ? StateMemory.holdingAll(PLENTY, PLENTY) : StateMemory.caching(PLENTY, PLENTY);
        Declared declared = Declared.over(database, memory, List.of());
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            set(declared, i, (i * 7919L) % count);
        }
        ingest(declared.state().freeze());
        declared.state().releaseFrozen();
        for (int i = 0; i < count; i += 10) {
            set(declared, i, count + i);
        }

        // When: they all fire
        long last = Long.MIN_VALUE;
        int fired = 0;
        while (declared.timers().nextTime() != DeclaredTimers.NEVER) {
            assertThat(declared.timers().nextTime()).isGreaterThanOrEqualTo(last);
            last = declared.timers().nextTime();
            declared.state().beginRecord(declared.timers().nextKey());
            declared.timers().fired();
            declared.state().keepRecord();
            fired++;
        }

        // Then: each has fired once
        assertThat(fired).isEqualTo(count);
        assertThat(last).isEqualTo(count + count - 10);
    }

    @Test
    void shouldLeaveNoTraceOfATimerThatCameAndWentWithinAnEpoch() {
        // Given
        Declared declared = Declared.over(database, StateMemory.caching(PLENTY, PLENTY), List.of());

        // When: a key's timer is replaced by every record
        for (int i = 0; i < 1_000; i++) {
            set(declared, 1, i);
        }

        // Then: the delta has one timer, by its key and by its time
        assertThat(declared.state().freeze()).hasSize(2);
    }

    @Test
    void shouldNotTakeATimerOfAnotherTimeForTheSame() {
        // Given: timers that were stored by event time
        Declared declared = Declared.over(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        KeyedState later = new KeyedState(
                database, StateMemory.caching(PLENTY, PLENTY), declared.state().descriptors());

        // When, then
        assertThatThrownBy(() -> later.processingTimers("timer"))
                .isInstanceOf(IncompatibleStateException.class)
                .hasMessageContaining("event-timer")
                .hasMessageContaining("processing-timer");
    }

    @Test
    void shouldNameRecordKeyOfEveryEntry() {
        // Given
        Declared declared = Declared.over(database, StateMemory.caching(PLENTY, PLENTY), List.of());
        set(declared, 5, 1_000);
        List<StateDescriptor> states = declared.state().descriptors();

        // When
        List<Change> changes = declared.state().freeze();

        // Then
        assertThat(changes).hasSize(2).allSatisfy(change -> {
            StateDescriptor state = states.stream()
                    .filter(each -> each.id() == (change.key()[0] << 8 | change.key()[1]))
                    .findFirst()
                    .orElseThrow();
            assertThat(state.recordKey(Arrays.copyOfRange(change.key(), 2, change.key().length)))
                    .isEqualTo(key(5));
        });
        assertThat(states).filteredOn(StateDescriptor::isIndex).hasSize(1);
    }

    private static void set(Declared declared, int key, long time) {
        declared.state().beginRecord(key(key));
        declared.timers().set(time);
        declared.state().keepRecord();
    }

    private void ingest(List<Change> changes) {
        files++;
        Path file = directory.resolve(files + ".sst");
        List<Change> sorted = new ArrayList<>(changes);
        sorted.sort(Change.BY_KEY);
        SstFiles.write(file, "file-" + files, sorted, resources);
        database.ingest(List.of(file));
    }

    private static byte[] key(int number) {
        return ("k" + number).getBytes(StandardCharsets.US_ASCII);
    }
}
