package dev.cairn.checkpoint.write;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.protocol.Stock;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.names.SettingNames;

/**
 * Judges what the store held when a partition was started.
 *
 * @param restored what the partition continues from
 * @param listing what the store held then
 * @param retained how many known checkpoints are kept
 */
record Stocktaking(
        int partition, Optional<CheckpointMetadata> restored, CheckpointStore.Listing listing, int retained) {

    private static final Logger LOG = Logger.getLogger(CheckpointJanitor.class);

    /**
     * What follows.
     *
     * @param unneeded paths that no committed checkpoint needs
     * @param toMark numbers of checkpoints to mark as committed
     */
    record Result(Stock stock, Set<String> unneeded, Set<Long> toMark) {}

    /** Reads and judges; it may be done again when the store fails. */
    Result judge(KnownCheckpoints known, Optional<Long> borrowed) {
        listing.numbers().stream().filter(listing::isMarkedCommitted).forEach(known.marked::add);
        List<FoundCheckpoint> found = listing.numbers().stream()
                .flatMap(number -> known.judged(number).stream())
                .toList();
        Stock stock = Stock.of(found, restored, listing.named());
        Set<String> unneeded = new HashSet<>(listing.paths());
        Stream.concat(found.stream().map(FoundCheckpoint::number), known.spared.keySet().stream())
                .forEach(number -> KnownCheckpoints.namesOf(number).forEach(unneeded::remove));
        List<CheckpointMetadata> needing = new ArrayList<>(stock.committed());
        needing.addAll(known.spared.values());
        needing.forEach(checkpoint -> unneeded.removeAll(known.objectsOf(checkpoint)));
        Set<Long> toMark = new HashSet<>(stock.toMark());
        borrowed.filter(listing.numbers()::contains).ifPresent(toMark::add);
        toMark.removeIf(number -> listing.isMarkedCommitted(number) || known.spared.containsKey(number));
        return new Result(stock, unneeded, toMark);
    }

    /** Takes note of what was judged, once what must be marked is marked. */
    void note(Result result, KnownCheckpoints known, Optional<Long> borrowed) {
        Stock stock = result.stock();
        stock.committed().forEach(checkpoint -> known.older.put(checkpoint.number(), checkpoint));
        restored.ifPresent(checkpoint -> known.older.remove(checkpoint.number()));
        stock.garbage().forEach(checkpoint -> known.garbage.put(checkpoint.number(), checkpoint));
        known.unreadable.addAll(stock.unreadable());
        restored.ifPresent(from -> reportNewer(from, known, borrowed));
        int garbageObjects = result.unneeded().size() + stock.garbage().size();
        if (garbageObjects > 0 && known.unreadable.isEmpty()) {
            LOG.infof("partition %s: deletes %s objects that no committed checkpoint needs", partition, garbageObjects);
        }
        if (!known.spared.isEmpty()) {
            known.reportSpared();
        }
    }

    private void reportNewer(CheckpointMetadata from, KnownCheckpoints known, Optional<Long> borrowed) {
        String newer = known.older.keySet().stream()
                .filter(number -> number > from.number())
                .map(number -> "chk-" + number)
                .collect(Collectors.joining(", "));
        if (!newer.isEmpty()) {
            LOG.infof(
                    "partition %s: continues from %s, and %s are newer. They stay as retained checkpoints until newer ones"
                            + " take their place (" + SettingNames.NUM_RETAINED + "=%s)%s",
                    partition,
                    from.id(),
                    newer,
                    retained,
                    borrowed.map(number -> "; chk-" + number + " stays as long as " + SettingNames.RECOVERY_PATH
                                    + " names it (NO_CLAIM)")
                            .orElse(""));
        }
    }
}
