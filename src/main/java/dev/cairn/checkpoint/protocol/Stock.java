package dev.cairn.checkpoint.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;

/**
 * What a partition's directory held when the partition was started, as its owner judges it: pure, so that it can be tested
 * without a store.
 *
 * <p>What was committed, on whichever line of parents, is only retired by retention. So is what may have been committed, and
 * what cannot be read. Only what was never committed for certain is garbage.
 *
 * @param committed checkpoints that are or may be committed, newest first, the restored one included
 * @param unreadable numbers of checkpoints whose {@code _metadata} cannot be read
 * @param garbage checkpoints that were never committed
 * @param toMark numbers of checkpoints whose only proof of a commit is about to be lost
 */
public record Stock(
        List<CheckpointMetadata> committed, Set<Long> unreadable, List<CheckpointMetadata> garbage, Set<Long> toMark) {

    /**
     * Judges.
     *
     * @param found all checkpoints with a {@code _metadata}, newest first
     * @param restored what the partition continues from; nothing for an empty state or one from elsewhere
     * @param named what the group named then
     */
    public static Stock of(
            List<FoundCheckpoint> found, Optional<CheckpointMetadata> restored, Optional<CheckpointId> named) {
        Set<CheckpointId> proven = new HashSet<>();
        named.ifPresent(proven::add);
        restored.ifPresent(checkpoint -> proven.add(checkpoint.id()));
        for (FoundCheckpoint checkpoint : found) {
            if (checkpoint instanceof FoundCheckpoint.Legible legible) {
                if (legible.isKnownCommitted()) {
                    proven.add(legible.metadata().id());
                }
                if (legible.metadata().parent() != null) {
                    proven.add(legible.metadata().parent());
                }
            }
        }
        long newestProven = found.stream()
                .filter(checkpoint -> checkpoint instanceof FoundCheckpoint.Legible legible
                        && proven.contains(legible.metadata().id()))
                .mapToLong(FoundCheckpoint::number)
                .max()
                .orElse(0);
        List<CheckpointMetadata> committed = new ArrayList<>();
        List<CheckpointMetadata> garbage = new ArrayList<>();
        Set<Long> unreadable = new HashSet<>();
        Set<Long> toMark = new HashSet<>();
        for (FoundCheckpoint checkpoint : found) {
            if (!(checkpoint instanceof FoundCheckpoint.Legible legible)) {
                unreadable.add(checkpoint.number());
                continue;
            }
            CheckpointId id = legible.metadata().id();
            boolean afterNamed =
                    named.filter(last -> id.number() > last.number()).isPresent();
            boolean mayBe = restored.isPresent() && id.number() > newestProven && !afterNamed;
            if (proven.contains(id) || mayBe) {
                committed.add(legible.metadata());
                boolean continued = restored.map(CheckpointMetadata::id).equals(Optional.of(id));
                if (named.equals(Optional.of(id)) && !continued && !legible.isKnownCommitted()) {
                    toMark.add(id.number());
                }
            } else {
                garbage.add(legible.metadata());
            }
        }
        return new Stock(committed, unreadable, garbage, toMark);
    }
}
