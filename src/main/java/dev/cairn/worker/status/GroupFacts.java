package dev.cairn.worker.status;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What is known of a job from outside, by its group and its store.
 *
 * @param members of the group; empty where Kafka was not asked
 * @param uncovered partitions of the inputs that no member has; empty where Kafka was not asked, or the group is rebalancing
 * @param partitions how many have checkpoints
 * @param stuck those that cannot continue, with the cause
 * @param lagKnown whether the lag of every partition is known
 */
public record GroupFacts(
        Optional<Integer> members,
        Optional<SortedSet<String>> uncovered,
        int partitions,
        SortedMap<Integer, String> stuck,
        boolean lagKnown) {}
