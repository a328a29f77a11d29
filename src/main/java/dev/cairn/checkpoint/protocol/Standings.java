package dev.cairn.checkpoint.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.protocol.PartitionContent.Needs;

/**
 * Which checkpoints of a partition stay, and why: pure, so that it can be tested without a store.
 *
 * <p>Where the group names one, that one and its line of parents stay, and everything else was given up. Where it is not
 * known what the group names, all that are known to be committed stay, and whatever came after them may be committed too.
 * What was taken on one Kafka cluster says nothing about what the group of another names.
 *
 * @param all newest first
 * @param unreadable why it is not known what a checkpoint needs that stays or may stay, by the checkpoint's name
 */
public record Standings(List<Standing> all, Map<String, String> unreadable) {

    /** Whether a checkpoint stays. */
    enum Kind {
        KEPT,
        /** It may be committed, or is about to be. */
        PERHAPS,
        ABANDONED
    }

    /** A checkpoint's future, and the reason. */
    public record Standing(Needs checkpoint, Kind kind, String why) {

        String name() {
            return "chk-" + checkpoint.number();
        }
    }

    /**
     * Decides.
     *
     * @param isYoung whether the {@code _metadata} of the checkpoint with this number has just been written
     */
    public static Standings of(PartitionContent content, GroupView group, LongPredicate isYoung) {
        Optional<CheckpointId> named = group.newest();
        List<Standing> all = named.flatMap(content::find).isPresent()
                ? byGroup(content, group, named.get(), isYoung)
                : byStore(content, isYoung);
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (Standing standing : all) {
            if (standing.kind() != Kind.ABANDONED) {
                standing.checkpoint().unreadable().ifPresent(cause -> unreadable.put(standing.name(), cause));
            }
        }
        named.filter(id -> content.find(id).isEmpty())
                .ifPresent(id -> unreadable.putIfAbsent(id.toString(), whyNotFound(content, id)));
        return new Standings(List.copyOf(all), unreadable);
    }

    /** Whether another cluster's group may name a checkpoint than the one that names {@code named}. */
    public static boolean isOfAnotherCluster(CheckpointMetadata checkpoint, CheckpointMetadata named) {
        return checkpoint.clusterId().isPresent() && !checkpoint.clusterId().equals(named.clusterId());
    }

    /** The newest that stays for sure. */
    public Optional<Standing> newestKept() {
        return all.stream().filter(standing -> standing.kind() == Kind.KEPT).findFirst();
    }

    private static List<Standing> byGroup(
            PartitionContent content, GroupView group, CheckpointId newest, LongPredicate isYoung) {
        Set<CheckpointId> line = new HashSet<>();
        Set<Long> numbers = new HashSet<>();
        for (CheckpointId named : group.named()) {
            CheckpointId next = named;
            while (next != null && line.add(next)) {
                numbers.add(next.number());
                next = content.find(next).map(CheckpointMetadata::parent).orElse(null);
            }
        }
        CheckpointMetadata truth = content.find(newest).orElseThrow();
        List<Standing> all = new ArrayList<>();
        for (Needs checkpoint : content.checkpoints()) {
            Optional<CheckpointId> id = checkpoint.metadata().map(CheckpointMetadata::id);
            boolean onLine = id.map(line::contains).orElse(numbers.contains(checkpoint.number()));
            if (id.filter(group.named()::contains).isPresent()) {
                all.add(new Standing(checkpoint, Kind.KEPT, "the group names it"));
            } else if (onLine) {
                all.add(new Standing(checkpoint, Kind.KEPT, newest + ", which the group names, descends from it"));
            } else if (checkpoint
                    .metadata()
                    .filter(metadata -> isOfAnotherCluster(metadata, truth))
                    .isPresent()) {
                all.add(new Standing(
                        checkpoint, Kind.PERHAPS, "it was taken on another Kafka cluster, whose group may name it"));
            } else if (isYoung.test(checkpoint.number())) {
                all.add(new Standing(checkpoint, Kind.PERHAPS, "it is young, and may be about to be committed"));
            } else {
                all.add(new Standing(
                        checkpoint, Kind.ABANDONED, "the group names " + newest + ", which does not descend from it"));
            }
        }
        return all;
    }

    private static List<Standing> byStore(PartitionContent content, LongPredicate isYoung) {
        Set<Long> parents = new HashSet<>();
        content.checkpoints().stream()
                .flatMap(checkpoint -> checkpoint.metadata().stream())
                .filter(metadata -> metadata.parent() != null)
                .forEach(metadata -> parents.add(metadata.parent().number()));
        List<Standing> all = new ArrayList<>();
        for (Needs checkpoint : content.checkpoints()) {
            long newest = newestKnown(content, parents, checkpoint);
            if (isKnownCommitted(checkpoint, parents)) {
                all.add(new Standing(
                        checkpoint,
                        Kind.KEPT,
                        checkpoint.found().proof() == FoundCheckpoint.CommitProof.MARKED
                                ? "it is marked as committed"
                                : "a later one names it as its parent"));
            } else if (checkpoint.number() > newest) {
                all.add(new Standing(checkpoint, Kind.PERHAPS, "it may be committed, though nothing proves it"));
            } else if (isYoung.test(checkpoint.number())) {
                all.add(new Standing(checkpoint, Kind.PERHAPS, "it is young, and may be about to be committed"));
            } else {
                all.add(new Standing(
                        checkpoint,
                        Kind.ABANDONED,
                        "nothing proves that it was committed, and chk-" + newest + " after it was"));
            }
        }
        return all;
    }

    /** The newest that is known to be committed, among those that the same cluster's group may name. */
    private static long newestKnown(PartitionContent content, Set<Long> parents, Needs checkpoint) {
        Optional<String> cluster = checkpoint.metadata().flatMap(CheckpointMetadata::clusterId);
        return content.checkpoints().stream()
                .filter(other -> isKnownCommitted(other, parents))
                .filter(other -> cluster.isEmpty()
                        || other.metadata()
                                .flatMap(CheckpointMetadata::clusterId)
                                .equals(cluster))
                .mapToLong(Needs::number)
                .max()
                .orElse(0);
    }

    /** One that cannot be read does not tell its unique id: that a number is named as a parent has to do. */
    private static boolean isKnownCommitted(Needs checkpoint, Set<Long> parents) {
        return checkpoint.found().isKnownCommitted()
                || (checkpoint.metadata().isEmpty() && parents.contains(checkpoint.number()));
    }

    private static String whyNotFound(PartitionContent content, CheckpointId named) {
        return content.find(named.number())
                .map(other -> other.unreadable()
                        .filter(cause -> other.metadata().isEmpty())
                        .orElse(named + " is not the checkpoint that the group names: its unique id is another"))
                .orElse(named + ", which the group names, is not there");
    }
}
