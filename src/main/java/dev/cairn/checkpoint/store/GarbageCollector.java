package dev.cairn.checkpoint.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.protocol.ClassifiedObject;
import dev.cairn.checkpoint.protocol.Classifier;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.protocol.Inventory;
import dev.cairn.checkpoint.protocol.PartitionContent;
import dev.cairn.checkpoint.protocol.Retention;

/**
 * Finds what nothing needs any more in a partition's directory, and deletes it. Every call blocks; by one thread.
 *
 * <p>A running worker is safe: what it is writing is younger than the age that is given, and what it continues from is what
 * the group names, or is kept where the group is not asked. Only what two looks have found to be an orphan goes.
 *
 * @param olderThan longer than any checkpoint takes, unless no worker runs
 */
public record GarbageCollector(CheckpointStore store, int partition, GroupSource group, Duration olderThan) {

    private static final int MAX_LOOKS = 10;

    /**
     * Classifies every object.
     *
     * @throws dev.cairn.storage.StorageException when the store fails
     */
    public Inventory look() {
        Optional<CheckpointId> missing = Optional.empty();
        for (int look = 1; ; look++) {
            PartitionContent content = ContentReader.read(store);
            // After the listing: a member that joins the group later has written nothing that is listed.
            GroupView view = group.look(partition, content.topics());
            Optional<CheckpointId> named = view.newest();
            boolean overtaken =
                    named.isPresent() && content.find(named.get().number()).isEmpty() && !named.equals(missing);
            if (!overtaken || look == MAX_LOOKS) {
                return Classifier.classify(content, view, olderThan, Instant.now());
            }
            missing = named;
        }
    }

    /**
     * Deletes orphans, {@code _metadata} first, so that no checkpoint is ever visible without its files.
     *
     * @param first what was found before
     * @return what was an orphan then, still is one, and is gone now
     * @throws dev.cairn.storage.StorageException when the store fails; what is left goes the next time
     */
    public List<ClassifiedObject> deleteOrphans(Inventory first) {
        Map<String, ClassifiedObject> before = new HashMap<>();
        first.orphans().forEach(object -> before.put(object.path(), object));
        if (before.isEmpty()) {
            return List.of();
        }
        Map<String, ClassifiedObject> orphans = new HashMap<>();
        look().orphans().stream()
                .filter(object -> before.containsKey(object.path()) && object.isSameAs(before.get(object.path())))
                .forEach(object -> orphans.put(object.path(), object));
        List<String> deleted = Retention.metadataFirst(new HashSet<>(orphans.keySet()));
        store.delete(deleted);
        return deleted.stream().map(orphans::get).toList();
    }
}
