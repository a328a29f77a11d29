package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.settings.MemorySize;
import dev.cairn.settings.StateBackend;
import dev.cairn.worker.status.StopWorkerException;

class MemoryBudgetTest {

    private static final long MIB = 1L << 20;

    /** Changes twice, because one epoch is in flight while the next one is made, and the one in flight also serialised. */
    @ParameterizedTest
    @CsvSource({"256, 640, 2", "512, 1024, 1", "4096, 8192, 4", "16384, 24576, 16"})
    void shouldLeaveAQuarterOfTheHeap(long heapMib, long containerMib, int loops) {
        MemoryBudget budget = Budgets.of(heapMib * MIB, containerMib * MIB, loops, StateBackend.ROCKSDB);

        long used = loops
                * (3 * budget.changesBytes() + budget.tablesBytes() + 2 * budget.producerBytes() + budget.fetchBytes());
        assertThat(used).isLessThan(heapMib * MIB * 3 / 4);
    }

    /** Changed entries are part of the tables; what is in flight is there once more, serialised. */
    @ParameterizedTest
    @CsvSource({"256, 640, 2", "512, 1024, 1", "4096, 8192, 4", "16384, 24576, 16"})
    void shouldLeaveAQuarterOfTheHeapWithAllOfTheStateOnIt(long heapMib, long containerMib, int loops) {
        MemoryBudget budget = Budgets.of(heapMib * MIB, containerMib * MIB, loops, StateBackend.HASHMAP);

        long used = loops
                * (budget.changesBytes() + budget.tablesBytes() + 2 * budget.producerBytes() + budget.fetchBytes());
        assertThat(used).isLessThan(heapMib * MIB * 3 / 4);
        assertThat(loops * budget.tablesBytes()).isGreaterThan(heapMib * MIB * 2 / 5);
    }

    @ParameterizedTest
    @CsvSource({"256, 640, 53", "1024, 2048, 266", "6144, 24576, 2048", "256, 480, 8", "256, 256, 8"})
    void shouldGiveRocksAThirdOfWhatIsLeft(long heapMib, long containerMib, long cacheMib) {
        MemoryBudget budget = Budgets.of(heapMib * MIB, containerMib * MIB, 2, StateBackend.ROCKSDB);

        assertThat(budget.blockCacheBytes() / MIB).isEqualTo(cacheMib);
    }

    /** Nothing says how much of a machine is the worker's. */
    @ParameterizedTest
    @CsvSource({"384, 64000, 256", "128, 64000, 128", "4096, 64000, 256", "384, 700, 30"})
    void shouldBoundRocksWithoutAContainersLimit(long heapMib, long machineMib, long cacheMib) {
        MemoryBudget budget = Budgets.of(
                heapMib * MIB, new ProcessMemory(machineMib * MIB, false), 2, StateBackend.ROCKSDB, Optional.empty());

        assertThat(budget.blockCacheBytes() / MIB).isEqualTo(cacheMib);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldGiveRocksWhatASettingSays(boolean limited) {
        MemoryBudget budget = Budgets.of(
                512 * MIB,
                new ProcessMemory(8192 * MIB, limited),
                1,
                StateBackend.ROCKSDB,
                Optional.of(MemorySize.parse("4gb")));

        assertThat(budget.blockCacheBytes()).isEqualTo(4096 * MIB);
        assertThat(budget.describe(512 * MIB, 1)).contains("heap 512 MiB", "block cache 4096 MiB");
    }

    @Test
    void shouldRefuseMoreForRocksThanThereIs() {
        assertThatExceptionOfType(StopWorkerException.class)
                .isThrownBy(() -> Budgets.of(
                        512 * MIB,
                        new ProcessMemory(1024 * MIB, true),
                        1,
                        StateBackend.ROCKSDB,
                        Optional.of(MemorySize.parse("600mb"))))
                .withMessageContaining("state.backend.rocksdb.memory.fixed-per-tm=600mb does not fit")
                .withMessageContaining("1024 MiB");
    }

    @ParameterizedTest
    @CsvSource({"1048576000, true", "2097152000, false"})
    void shouldKnowAContainersLimitByTheMachinesMemory(long bytes, boolean limited) {
        ProcessMemory memory = ProcessMemory.of(bytes, "MemTotal:        2048000 kB\nMemFree: 12 kB\n");

        assertThat(memory).isEqualTo(new ProcessMemory(bytes, limited));
    }

    @Test
    void shouldLetAllLoopsShareTheHeap() {
        MemoryBudget one = Budgets.of(1024 * MIB, 2048 * MIB, 1, StateBackend.ROCKSDB);
        MemoryBudget four = Budgets.of(1024 * MIB, 2048 * MIB, 4, StateBackend.ROCKSDB);

        assertThat(4 * four.changesBytes()).isCloseTo(one.changesBytes(), within(4L));
        assertThat(four.blockCacheBytes()).isEqualTo(one.blockCacheBytes());
    }
}
