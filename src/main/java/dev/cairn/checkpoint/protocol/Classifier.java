package dev.cairn.checkpoint.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.protocol.Standings.Kind;
import dev.cairn.checkpoint.protocol.Standings.Standing;
import dev.cairn.storage.StoredObject;

/** Tells of every object of a partition whether it is needed: pure, so that it can be tested without a store. */
public final class Classifier {

    private final PartitionContent content;
    private final GroupView group;
    private final Duration olderThan;
    private final Instant now;
    private final Standings standings;
    private final Map<Kind, Map<String, Standing>> owners = new HashMap<>();
    private final Optional<Instant> newestBase;

    private Classifier(PartitionContent content, GroupView group, Duration olderThan, Instant now) {
        this.content = content;
        this.group = group;
        this.olderThan = olderThan;
        this.now = now;
        this.standings = Standings.of(
                content, group, number -> isYoung(content.objects().get(CheckpointPaths.metadataPath(number))));
        for (Standing standing : standings.all()) {
            Map<String, Standing> ofKind = owners.computeIfAbsent(standing.kind(), kind -> new HashMap<>());
            standing.checkpoint().everything().forEach(path -> ofKind.putIfAbsent(path, standing));
        }
        this.newestBase = standings
                .newestKept()
                .flatMap(newest -> newest.checkpoint().metadata())
                .map(CheckpointMetadata::base)
                .map(base -> content.objects().get(base.description().path()))
                .map(StoredObject::lastModified);
    }

    /**
     * Classifies.
     *
     * @param olderThan what is younger may belong to a checkpoint that is being written
     */
    public static Inventory classify(PartitionContent content, GroupView group, Duration olderThan, Instant now) {
        return new Classifier(content, group, olderThan, now).classify();
    }

    private Inventory classify() {
        List<ClassifiedObject> classified = new ArrayList<>();
        content.objects().forEach((path, object) -> classified.add(classify(path, object)));
        return new Inventory(classified, List.copyOf(standings.unreadable().values()));
    }

    private ClassifiedObject classify(String path, StoredObject object) {
        Optional<Standing> kept = owner(Kind.KEPT, path);
        Optional<Standing> perhaps = owner(Kind.PERHAPS, path);
        Optional<Standing> abandoned = owner(Kind.ABANDONED, path);
        if (kept.isPresent()) {
            return as(ObjectClass.REFERENCED, path, object, why(kept.get(), path), kept);
        }
        if (perhaps.isPresent()) {
            return as(ObjectClass.IN_FLIGHT, path, object, why(perhaps.get(), path), perhaps);
        }
        Optional<String> reprieve = reprieve(path, object);
        if (reprieve.isPresent()) {
            return as(ObjectClass.IN_FLIGHT, path, object, reprieve.get(), abandoned);
        }
        String why = abandoned.map(standing -> why(standing, path)).orElse("no checkpoint needs it");
        return as(ObjectClass.ORPHAN, path, object, why, abandoned);
    }

    /** Why an object stays that no checkpoint is known to need. */
    private Optional<String> reprieve(String path, StoredObject object) {
        if (!standings.unreadable().isEmpty()) {
            return Optional.of(standings.unreadable().keySet().iterator().next() + " cannot be read, and may need it");
        }
        if (standings.newestKept().isEmpty()) {
            return Optional.of("no checkpoint is known to be committed, so that nothing tells what is needed");
        }
        if (isYoung(object)) {
            return Optional.of("it is young, and may belong to a checkpoint that is being written");
        }
        return mayBecomeBase(path, object)
                ? Optional.of("a worker may build its next checkpoint on this base")
                : Optional.empty();
    }

    /**
     * A worker that idles can hold a base ready for days until it writes the checkpoint that is the first to name it. Such a
     * base is newer than the one that the newest checkpoint builds on.
     */
    private boolean mayBecomeBase(String path, StoredObject object) {
        return group.members() != GroupView.Members.NONE
                && CheckpointPaths.isPartOfBase(path)
                && newestBase.map(base -> !object.lastModified().isBefore(base)).orElse(true);
    }

    private Optional<Standing> owner(Kind kind, String path) {
        return Optional.ofNullable(owners.getOrDefault(kind, Map.of()).get(path));
    }

    private static String why(Standing owner, String path) {
        return owner.checkpoint().paths().contains(path) ? owner.name() + " needs it: " + owner.why() : owner.why();
    }

    private ClassifiedObject as(
            ObjectClass kind, String path, StoredObject object, String reason, Optional<Standing> owner) {
        return new ClassifiedObject(
                path,
                object.size(),
                object.lastModified(),
                age(object),
                kind,
                reason,
                owner.map(standing -> standing.checkpoint().number()));
    }

    private boolean isYoung(StoredObject object) {
        return age(object).compareTo(olderThan) < 0;
    }

    /** The store's clock may be ahead. */
    private Duration age(StoredObject object) {
        Duration age = Duration.between(object.lastModified(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
