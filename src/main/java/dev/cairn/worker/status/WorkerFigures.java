package dev.cairn.worker.status;

import java.util.List;

import dev.cairn.state.CacheFigures;
import dev.cairn.state.DatabaseFigures;

/**
 * What a worker's state and outputs cost: figures for metrics, beside the {@link WorkerStatus}.
 *
 * @param loops its loops
 * @param databases of the partitions that are running
 * @param blockCache that they share
 */
public record WorkerFigures(List<Loop> loops, List<Database> databases, CacheFigures blockCache) {

    public WorkerFigures {
        loops = List.copyOf(loops);
        databases = List.copyOf(databases);
    }

    /**
     * A loop.
     *
     * @param number counted from 0
     * @param stateReads how often a key's value was asked for, once per record and state; a second ago, as the next
     * @param stateMisses how often RocksDB had to be asked for it
     * @param skipped records that were left out
     * @param deadLetters records that were put aside
     * @param transactions how they ended
     */
    public record Loop(
            int number, long stateReads, long stateMisses, long skipped, long deadLetters, Transactions transactions) {}

    /**
     * Transactions of the output.
     *
     * @param unknown the broker did not say how they ended; the group was asked
     */
    public record Transactions(long committed, long aborted, long unknown) {}

    /** The database of a partition. */
    public record Database(int partition, DatabaseFigures figures) {}

    /** The part of the reads of state that the heap answered, from 0 to 1; 1 where there were none. */
    public double stateCacheHitRatio() {
        long reads = loops.stream().mapToLong(Loop::stateReads).sum();
        long misses = loops.stream().mapToLong(Loop::stateMisses).sum();
        return reads == 0 ? 1 : 1 - (double) misses / reads;
    }
}
