package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.settings.StateBackend;

class MemoryBudgetTest {

    private static final long MIB = 1L << 20;

    /** Changes twice, because one epoch is in flight while the next one is made, and the one in flight also serialised. */
    @ParameterizedTest
    @CsvSource({"256, 640, 2", "512, 1024, 1", "4096, 8192, 4", "16384, 24576, 16"})
    void shouldLeaveAQuarterOfTheHeap(long heapMib, long containerMib, int loops) {
        MemoryBudget budget = MemoryBudget.of(heapMib * MIB, containerMib * MIB, loops, StateBackend.ROCKSDB);

        long used = loops
                * (3 * budget.changesBytes() + budget.tablesBytes() + 2 * budget.producerBytes() + budget.fetchBytes());
        assertThat(used).isLessThan(heapMib * MIB * 3 / 4);
    }

    /** Changed entries are part of the tables; what is in flight is there once more, serialised. */
    @ParameterizedTest
    @CsvSource({"256, 640, 2", "512, 1024, 1", "4096, 8192, 4", "16384, 24576, 16"})
    void shouldLeaveAQuarterOfTheHeapWithAllOfTheStateOnIt(long heapMib, long containerMib, int loops) {
        MemoryBudget budget = MemoryBudget.of(heapMib * MIB, containerMib * MIB, loops, StateBackend.HASHMAP);

        long used = loops
                * (budget.changesBytes() + budget.tablesBytes() + 2 * budget.producerBytes() + budget.fetchBytes());
        assertThat(used).isLessThan(heapMib * MIB * 3 / 4);
        assertThat(loops * budget.tablesBytes()).isGreaterThan(heapMib * MIB * 2 / 5);
    }

    @ParameterizedTest
    @CsvSource({"256, 640, 53", "1024, 2048, 266", "6144, 24576, 2048", "256, 480, 8", "256, 256, 8"})
    void shouldGiveRocksAThirdOfWhatIsLeft(long heapMib, long containerMib, long cacheMib) {
        MemoryBudget budget = MemoryBudget.of(heapMib * MIB, containerMib * MIB, 2, StateBackend.ROCKSDB);

        assertThat(budget.blockCacheBytes() / MIB).isEqualTo(cacheMib);
    }

    @Test
    void shouldLetAllLoopsShareTheHeap() {
        MemoryBudget one = MemoryBudget.of(1024 * MIB, 2048 * MIB, 1, StateBackend.ROCKSDB);
        MemoryBudget four = MemoryBudget.of(1024 * MIB, 2048 * MIB, 4, StateBackend.ROCKSDB);

        assertThat(4 * four.changesBytes()).isCloseTo(one.changesBytes(), within(4L));
        assertThat(four.blockCacheBytes()).isEqualTo(one.blockCacheBytes());
    }
}
