package dev.cairn.worker.status;

import java.util.List;

import dev.cairn.state.CacheFigures;
import dev.cairn.state.DatabaseFigures;

/**
 * What a worker's databases cost: figures for metrics, besides the {@link WorkerStatus}, that RocksDB is asked for.
 *
 * @param databases of the partitions that are running
 * @param blockCache that they share
 */
public record WorkerFigures(List<Database> databases, CacheFigures blockCache) {

    public WorkerFigures {
        databases = List.copyOf(databases);
    }

    /** The database of a partition. */
    public record Database(int partition, DatabaseFigures figures) {}
}
