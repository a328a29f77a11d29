package dev.cairn.checkpoint.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.protocol.PartitionContent;
import dev.cairn.checkpoint.protocol.PartitionContent.Needs;
import dev.cairn.checkpoint.protocol.Retention;
import dev.cairn.checkpoint.protocol.Standings;

/**
 * Deletes checkpoints that someone points at, and what only they need; {@code _metadata} first, so that no checkpoint is
 * ever visible without its files. Every call blocks; by one thread.
 */
public record CheckpointDeletion(CheckpointStore store, int partition, GroupSource group) {

    /** What to delete, or why it is not. */
    public sealed interface Plan {

        /** Paths relative to the partition's directory, in this order. */
        record Delete(List<String> paths) implements Plan {

            public Delete {
                paths = List.copyOf(paths);
            }
        }

        /** It is the truth, or may be: only who insists may delete it. */
        record Needed(String why) implements Plan {}

        /** What can go is not known, because another checkpoint cannot be read. */
        record Unclear(String why) implements Plan {}

        /** There is none of this number. */
        record Absent() implements Plan {}
    }

    /** Whether what is needed may be deleted all the same. */
    public enum Insistence {
        CAREFUL,
        FORCED
    }

    /**
     * Finds out what deleting one checkpoint takes. Does not ask the group for someone who insists.
     *
     * @throws dev.cairn.storage.StorageException when the store fails
     */
    public Plan plan(long number, Insistence insistence) {
        PartitionContent content = ContentReader.read(store);
        GroupView view =
                insistence == Insistence.FORCED ? GroupView.NOT_ASKED : group.look(partition, content.topics());
        return plan(content, view, number, insistence);
    }

    /** Everything in the partition's directory. */
    public Plan.Delete planAll() {
        return planAll("");
    }

    /**
     * Everything in the partition's directory, without what belongs to another Kafka cluster's checkpoints.
     *
     * @param clusterId of this cluster; empty for everything
     */
    public Plan.Delete planAll(String clusterId) {
        Set<String> paths = new HashSet<>(store.objects().keySet());
        if (!clusterId.isEmpty()) {
            List<Needs> checkpoints = ContentReader.read(store).checkpoints();
            List<Needs> foreign = checkpoints.stream()
                    .filter(checkpoint -> checkpoint
                            .metadata()
                            .filter(metadata -> metadata.isOfAnotherCluster(clusterId))
                            .isPresent())
                    .toList();
            if (foreign.stream().anyMatch(checkpoint -> checkpoint.unreadable().isPresent())) {
                // What that one needs is not known, so only what this cluster's name goes.
                Set<String> own = new HashSet<>();
                checkpoints.forEach(checkpoint -> own.addAll(checkpoint.everything()));
                paths.retainAll(own);
            }
            foreign.forEach(checkpoint -> paths.removeAll(checkpoint.everything()));
        }
        return new Plan.Delete(Retention.metadataFirst(paths));
    }

    /**
     * Deletes.
     *
     * @throws dev.cairn.storage.StorageException when the store fails; running it again deletes what is left
     */
    public void delete(Plan.Delete plan) {
        store.delete(plan.paths());
    }

    static Plan plan(PartitionContent content, GroupView group, long number, Insistence insistence) {
        Optional<Needs> target = content.find(number);
        if (target.isEmpty()) {
            return new Plan.Absent();
        }
        Optional<String> needed = whyNeeded(content, group, number);
        if (needed.isPresent() && insistence == Insistence.CAREFUL) {
            return new Plan.Needed(needed.get());
        }
        List<Retention.Retained> others = new ArrayList<>();
        for (Needs other : content.checkpoints()) {
            if (other.number() != number) {
                if (other.unreadable().isPresent()) {
                    return new Plan.Unclear(other.unreadable().get());
                }
                others.add(other.retained());
            }
        }
        Set<String> own = new HashSet<>(target.get().paths());
        String directory = "chk-" + number + "/";
        content.objects().keySet().stream()
                .filter(path -> path.startsWith(directory))
                .filter(path -> !path.equals(CheckpointPaths.metadataPath(number))
                        && !path.equals(CheckpointPaths.markerPath(number)))
                .forEach(own::add);
        List<String> paths = Retention.deletions(List.of(new Retention.Retained(number, own)), others);
        return new Plan.Delete(
                paths.stream().filter(content.objects()::containsKey).toList());
    }

    private static Optional<String> whyNeeded(PartitionContent content, GroupView group, long number) {
        Optional<CheckpointId> newest = group.newest();
        if (group.named().stream().anyMatch(named -> named.number() == number)) {
            return Optional.of("the group names it");
        }
        Optional<CheckpointMetadata> truth = newest.flatMap(content::find);
        if (truth.isPresent()) {
            if (content.find(number)
                    .flatMap(Needs::metadata)
                    .filter(target -> Standings.isOfAnotherCluster(target, truth.get()))
                    .isPresent()) {
                return Optional.of("it was taken on another Kafka cluster, whose group may name it");
            }
            return number > newest.get().number() && group.members() != GroupView.Members.NONE
                    ? Optional.of("a worker may be about to commit it")
                    : Optional.empty();
        }
        Standings standings = Standings.of(content, group, any -> true);
        long newestKept = standings
                .newestKept()
                .map(standing -> standing.checkpoint().number())
                .orElse(0L);
        if (number == newestKept) {
            return Optional.of("it is the newest that is known to be committed");
        }
        return number > newestKept ? Optional.of("it may be committed, and the group may name it") : Optional.empty();
    }
}
