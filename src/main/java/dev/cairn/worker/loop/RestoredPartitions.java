package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.local.Restored;

/**
 * Says which partitions of a loop run again: in one line for all that are restored together, or within some seconds. It names the
 * checkpoint and the positions of a few, and the numbers of many. On the loop's thread.
 */
final class RestoredPartitions {

    private static final Logger LOG = Logger.getLogger(LoopPartitions.class);
    private static final Duration COLLECTED_FOR = Duration.ofSeconds(5);
    private static final int MAX_DESCRIBED = 3;

    private final LongSupplier nanoTime;
    private final List<Entry> entries = new ArrayList<>();
    private long firstNanos;

    /**
     * A partition that runs.
     *
     * @param positions where its inputs are read from
     */
    record Entry(int partition, Restored.Source source, String checkpoint, long fetchedBytes, String positions) {

        private String described() {
            String how =
                    switch (source) {
                        case EMPTY -> "starts with empty state";
                        case LOCAL ->
                            "resumes from " + checkpoint + " (local database, " + fetchedBytes + " bytes fetched)";
                        case STORE -> "resumes from " + checkpoint + " (" + fetchedBytes + " bytes fetched)";
                        case PATH -> "begins from " + checkpoint + " (" + fetchedBytes + " bytes fetched)";
                    };
            return "partition " + partition + " " + how + " at " + positions;
        }
    }

    RestoredPartitions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(Entry entry) {
        if (entries.isEmpty()) {
            firstNanos = nanoTime.getAsLong();
        }
        entries.add(entry);
        LOG.debug(entry.described());
    }

    /** Whether there is nothing to say, which is so on nearly every turn of a loop. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** @param others whether others are still being restored */
    void look(boolean others) {
        if (!entries.isEmpty() && (!others || nanoTime.getAsLong() - firstNanos >= COLLECTED_FOR.toNanos())) {
            LOG.info(text());
            entries.clear();
        }
    }

    private String text() {
        if (entries.size() <= MAX_DESCRIBED) {
            return entries.stream().map(Entry::described).collect(Collectors.joining("; "));
        }
        Map<Restored.Source, List<Entry>> bySource = new EnumMap<>(Restored.Source.class);
        entries.forEach(entry -> bySource.computeIfAbsent(entry.source(), added -> new ArrayList<>())
                .add(entry));
        return bySource.entrySet().stream()
                .map(each -> text(each.getKey(), each.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String text(Restored.Source source, List<Entry> same) {
        long bytes = same.stream().mapToLong(Entry::fetchedBytes).sum();
        boolean one = same.size() == 1;
        String resume = one ? "resumes from its checkpoint" : "resume from their checkpoints";
        String how =
                switch (source) {
                    case EMPTY -> (one ? "starts" : "start") + " with empty state";
                    case LOCAL -> resume + " (local database, " + bytes + " bytes fetched)";
                    case STORE -> resume + " (" + bytes + " bytes fetched)";
                    case PATH -> (one ? "begins" : "begin") + " from a path (" + bytes + " bytes fetched)";
                };
        return PartitionRanges.named(same.stream().map(Entry::partition).toList()) + " " + how;
    }
}
