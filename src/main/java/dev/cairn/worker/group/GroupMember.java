package dev.cairn.worker.group;

import java.util.Optional;

import org.apache.kafka.clients.consumer.Consumer;

/**
 * A loop as a member of the group: what its assignor says and learns. Handed to the assignor, which Kafka's consumer makes,
 * with the consumer's configuration. On the loop's thread.
 */
public final class GroupMember {

    /** Where the assignor finds it. */
    public static final String CONFIG = "cairn.group.member";

    private final String name;
    private final GroupDirectory directory;
    private final Membership membership;
    private boolean misplaced;

    public GroupMember(String name, GroupDirectory directory, Membership membership) {
        this.name = name;
        this.directory = directory;
        this.membership = membership;
    }

    public Membership membership() {
        return membership;
    }

    public void of(Consumer<?, ?> consumer) {
        membership.of(consumer);
    }

    public Peer self() {
        return directory.self();
    }

    void joining() {
        membership.joining();
    }

    void joined(Optional<GroupNotes.Told> told, int generation) {
        membership.joined();
        told.flatMap(GroupNotes.Told::map).ifPresent(map -> directory.take(map, generation, name));
        misplaced = told.filter(said -> !said.address().equals(self())).isPresent();
    }

    /**
     * Whether the group believes its worker to listen where it does not; says so once for each assignment. A static member
     * that comes back is handed what it had, without being asked where it listens now.
     */
    public boolean hasMoved() {
        boolean moved = misplaced;
        misplaced = false;
        return moved;
    }
}
