package dev.cairn.worker.group;

import java.util.List;
import java.util.Optional;

/**
 * Who has which partition, as the group's leader has decided it.
 *
 * @param workers the workers that have said where they listen
 * @param owners for each partition the index of its worker, or {@link #NO_ONE}
 */
record GroupMap(List<Peer> workers, List<Integer> owners) {

    static final int NO_ONE = -1;
    static final GroupMap UNKNOWN = new GroupMap(List.of(), List.of());

    GroupMap {
        workers = List.copyOf(workers);
        owners = List.copyOf(owners);
    }

    /** Who has a partition, as far as it is known and not on its way. */
    Optional<Peer> owner(int partition) {
        if (partition < 0 || partition >= owners.size()) {
            return Optional.empty();
        }
        int owner = owners.get(partition);
        return owner < 0 || owner >= workers.size() ? Optional.empty() : Optional.of(workers.get(owner));
    }
}
