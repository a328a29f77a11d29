package dev.cairn.worker.group;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The workers of the job and their partitions, found from the consumer group itself: each member says where its worker
 * listens when it joins, and the leader hands everyone the map with the assignment (as Kafka Streams does it).
 *
 * <p>It may be out of date, because a worker has died or the group is about to change: the member that is asked has to know for
 * himself whether he has the partition. Thread-safe.
 */
public final class GroupDirectory {

    private final String job;
    private final Peer self;
    private volatile Edition edition = new Edition(GroupMap.UNKNOWN, -1, "");

    /** A map, the generation of the group that it belongs to, and the loop that was handed it. */
    private record Edition(GroupMap map, int generation, String loop) {}

    public GroupDirectory(String job, String instance, URI address) {
        this.job = job;
        this.self = new Peer(instance, address);
    }

    /** The job, which is the group's name. */
    public String job() {
        return job;
    }

    /** This worker. */
    public Peer self() {
        return self;
    }

    /** Who has a partition; nothing while it is moving, or where its owner has not said where it listens. */
    public Optional<Peer> owner(int partition) {
        return edition.map().owner(partition);
    }

    /** How many partitions the inputs have; 0 before the group has said so. */
    public int partitions() {
        return edition.map().owners().size();
    }

    /** All workers that have said where they listen, this one included once it has joined. */
    public List<Peer> workers() {
        return edition.map().workers();
    }

    /** A loop was handed a map. Each loop is on time; between them the later generation counts. */
    synchronized void take(GroupMap map, int generation, String loop) {
        if (generation >= edition.generation() || loop.equals(edition.loop())) {
            edition = new Edition(map, generation, loop);
        }
    }
}
