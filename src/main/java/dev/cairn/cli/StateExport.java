package dev.cairn.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

import dev.cairn.checkpoint.store.Progress;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateScan;

/**
 * Writes state, partition after partition, each state in the order of its keys.
 *
 * @param stored the state
 * @param only the one state to write, if it is not all of them
 * @param format how it is written
 * @param progress is told of the entries
 */
record StateExport(StoredState stored, Optional<String> only, ExportFormat format, Progress progress) {

    private static final int BATCH = 10_000;

    /**
     * Writes all of it.
     *
     * @return how many entries
     */
    long to(Writer target) throws IOException {
        long entries = 0;
        try (ExportFormat.Entries lines = format.to(target, stored.hasEntries(only))) {
            for (int partition : stored.partitions()) {
                try (StoredState.OpenedPartition opened = stored.open(partition)) {
                    progress.begin("partition " + partition, opened.database().estimatedKeys());
                    for (StateDescriptor state : chosen(opened)) {
                        entries += write(partition, opened, state, lines, target);
                    }
                }
            }
        }
        target.flush();
        return entries;
    }

    private List<StateDescriptor> chosen(StoredState.OpenedPartition opened) {
        return only.map(name -> opened.state(name).stream().toList()).orElseGet(opened::states);
    }

    private long write(
            int partition,
            StoredState.OpenedPartition opened,
            StateDescriptor state,
            ExportFormat.Entries lines,
            Writer target)
            throws IOException {
        long written = 0;
        try (StateScan scan = opened.database().scan(state)) {
            while (scan.next()) {
                byte[] value = scan.value();
                if (opened.shows(state, value)) {
                    lines.add(StateEntry.of(partition, state, scan.key(), value));
                    written++;
                    if (written % BATCH == 0) {
                        target.flush();
                        progress.advance(BATCH);
                    }
                }
            }
        }
        progress.advance(written % BATCH);
        return written;
    }
}
