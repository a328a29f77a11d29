package dev.cairn.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which checkpoints stay and which objects go: pure, so that it can be tested without a store. */
final class Retention {

    private Retention() {}

    /**
     * A checkpoint and every object that restoring it takes, those of its base's files included.
     *
     * @param number its number
     * @param paths relative to the partition's directory
     */
    record Retained(long number, Set<String> paths) {

        Retained {
            paths = Set.copyOf(paths);
        }
    }

    /**
     * What stays.
     *
     * @param committed the committed checkpoints, newest first
     * @param known how many known to be committed are kept; the newest is known only once it is marked or followed
     * @param newestIsMarked whether the newest one is marked as committed
     */
    static List<Retained> keep(List<Retained> committed, int known, boolean newestIsMarked) {
        int count = newestIsMarked ? known : known + 1;
        return List.copyOf(committed.subList(0, Math.min(count, committed.size())));
    }

    /** The order in which objects go that no checkpoint needs which was ever committed. */
    static List<String> metadataFirst(Set<String> paths) {
        List<String> ordered = new ArrayList<>(paths);
        ordered.sort(Comparator.<String, Boolean>comparing(path -> !path.endsWith("/" + CheckpointStore.METADATA))
                .thenComparing(Comparator.naturalOrder()));
        return ordered;
    }

    /**
     * What goes, in this order: the oldest checkpoint first, so that what is left is always a row without gaps; of each the
     * metadata first, so that no checkpoint is ever visible without its files.
     *
     * @param retired the checkpoints that do not stay
     * @param retained those that do
     * @param inUse other paths that are needed: of a checkpoint or a base that is being written
     */
    static List<String> deletions(List<Retained> retired, List<Retained> retained, Set<String> inUse) {
        Set<String> needed = new HashSet<>(inUse);
        retained.forEach(checkpoint -> needed.addAll(checkpoint.paths()));
        Set<String> files = new HashSet<>();
        List<String> deletions = new ArrayList<>();
        List<Retained> oldestFirst = new ArrayList<>(retired);
        oldestFirst.sort(Comparator.comparingLong(Retained::number));
        for (Retained checkpoint : oldestFirst) {
            deletions.add(CheckpointStore.metadataPath(checkpoint.number()));
            deletions.add(CheckpointStore.markerPath(checkpoint.number()));
            files.addAll(checkpoint.paths());
        }
        files.removeAll(needed);
        files.stream().sorted().forEach(deletions::add);
        return deletions;
    }
}
