package dev.cairn.worker.loop;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cairn.settings.LocalSettings;
import dev.cairn.settings.MemorySize;
import dev.cairn.settings.StateBackend;

/** Memory budgets as workers have them. */
final class Budgets {

    private Budgets() {}

    /** In a container with this limit. */
    static MemoryBudget of(long heapBytes, long containerBytes, int loops, StateBackend backend) {
        return of(heapBytes, new ProcessMemory(containerBytes, true), loops, backend, Optional.empty());
    }

    /** Wherever the process runs, and with whatever RocksDB is given. */
    static MemoryBudget of(
            long heapBytes, ProcessMemory memory, int loops, StateBackend backend, Optional<MemorySize> rocksMemory) {
        return MemoryBudget.of(
                heapBytes, memory, loops, new LocalSettings(List.of(Path.of("data")), true, backend, rocksMemory));
    }
}
