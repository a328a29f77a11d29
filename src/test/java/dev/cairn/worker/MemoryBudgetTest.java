package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBudgetTest {

    private static final long MIB = 1L << 20;

    /** Changes twice, because one epoch is in flight while the next one is made, and the one in flight also serialised. */
    @ParameterizedTest
    @CsvSource({"256, 640, 2", "512, 1024, 1", "4096, 8192, 4", "16384, 24576, 16"})
    void shouldLeaveAThirdOfTheHeap(long heapMib, long containerMib, int loops) {
        MemoryBudget budget = MemoryBudget.of(heapMib * MIB, containerMib * MIB, loops);

        long used = loops
                * (3 * budget.changesBytes() + budget.cacheBytes() + 2 * budget.producerBytes() + budget.fetchBytes());
        assertThat(used).isLessThan(heapMib * MIB * 3 / 4);
    }

    @ParameterizedTest
    @CsvSource({"256, 640, 53", "1024, 2048, 266", "6144, 24576, 2048", "256, 480, 8", "256, 256, 8"})
    void shouldGiveRocksAThirdOfWhatIsLeft(long heapMib, long containerMib, long cacheMib) {
        MemoryBudget budget = MemoryBudget.of(heapMib * MIB, containerMib * MIB, 2);

        assertThat(budget.blockCacheBytes() / MIB).isEqualTo(cacheMib);
    }

    @Test
    void shouldLetAllLoopsShareTheHeap() {
        MemoryBudget one = MemoryBudget.of(1024 * MIB, 2048 * MIB, 1);
        MemoryBudget four = MemoryBudget.of(1024 * MIB, 2048 * MIB, 4);

        assertThat(4 * four.changesBytes()).isCloseTo(one.changesBytes(), within(4L));
        assertThat(four.blockCacheBytes()).isEqualTo(one.blockCacheBytes());
    }
}
