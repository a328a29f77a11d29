package dev.cairn.checkpoint.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.storage.ObjectStore;

/** Which checkpoints stay and which objects go: pure, so that it can be tested without a store. */
public final class Retention {

    private Retention() {}

    /**
     * A checkpoint and every object that restoring it takes, those of its base's files included.
     *
     * @param number its number
     * @param paths relative to the partition's directory
     */
    public record Retained(long number, Set<String> paths) {

        public Retained {
            paths = Set.copyOf(paths);
        }
    }

    /**
     * Which checkpoints go by retention, oldest first, so that what is left has no gaps.
     *
     * @param all numbers of checkpoints that are or may be committed, on whichever line of parents
     * @param newest the one that the partition continues from; never goes
     * @param known how many known to be committed are kept; the newest is known once it is marked or followed
     * @param newestIsMarked whether it is marked as committed
     * @param borrowed one that is not the job's to delete; it is kept in addition
     */
    public static List<Long> retired(
            Collection<Long> all,
            CheckpointMetadata newest,
            int known,
            boolean newestIsMarked,
            Optional<Long> borrowed) {
        NavigableSet<Long> newestFirst = new TreeSet<>(Comparator.reverseOrder());
        newestFirst.addAll(all);
        newestFirst.add(newest.number());
        Set<Long> kept = new HashSet<>();
        newestFirst.stream().limit(newestIsMarked ? known : known + 1L).forEach(kept::add);
        kept.add(newest.number());
        if (!newestIsMarked && newest.parent() != null) {
            // Until the newest is known, its parent is what a group without offsets goes back to.
            kept.add(newest.parent().number());
        }
        borrowed.ifPresent(kept::add);
        return newestFirst.descendingSet().stream()
                .filter(number -> !kept.contains(number))
                .toList();
    }

    /** The order in which objects go that no checkpoint needs which was ever committed. */
    public static List<String> metadataFirst(Set<String> paths) {
        List<String> ordered = new ArrayList<>(paths);
        ordered.sort(Comparator.<String, Boolean>comparing(path -> !isMetadata(path))
                .thenComparing(Comparator.naturalOrder()));
        return ordered;
    }

    /**
     * Cuts a list whose {@code _metadata} come first into what one request may delete: none has both {@code _metadata} and
     * other objects, because a store deletes those of a request in any order.
     */
    public static List<List<String>> requests(List<String> metadataFirst) {
        List<List<String>> requests = new ArrayList<>();
        List<String> request = new ArrayList<>();
        for (String path : metadataFirst) {
            boolean another = !request.isEmpty() && isMetadata(path) != isMetadata(request.get(0));
            if (another || request.size() == ObjectStore.DELETIONS_PER_REQUEST) {
                requests.add(request);
                request = new ArrayList<>();
            }
            request.add(path);
        }
        if (!request.isEmpty()) {
            requests.add(request);
        }
        return requests;
    }

    private static boolean isMetadata(String path) {
        return path.endsWith("/" + CheckpointPaths.METADATA);
    }

    /**
     * What goes with checkpoints, in this order: the oldest one's metadata first, so that what is left is always a row
     * without gaps; the files last, so that no checkpoint is ever visible without its files.
     *
     * @param retired the checkpoints that do not stay
     * @param retained those that do
     */
    public static List<String> deletions(List<Retained> retired, List<Retained> retained) {
        Set<String> needed = new HashSet<>();
        retained.forEach(checkpoint -> needed.addAll(checkpoint.paths()));
        Set<String> files = new HashSet<>();
        List<String> deletions = new ArrayList<>();
        List<Retained> oldestFirst = new ArrayList<>(retired);
        oldestFirst.sort(Comparator.comparingLong(Retained::number));
        for (Retained checkpoint : oldestFirst) {
            deletions.add(CheckpointPaths.metadataPath(checkpoint.number()));
            files.add(CheckpointPaths.markerPath(checkpoint.number()));
            files.addAll(checkpoint.paths());
        }
        files.removeAll(needed);
        files.stream().sorted().forEach(deletions::add);
        return deletions;
    }
}
