package dev.cairn.worker.loop;

import java.util.Collection;
import java.util.Iterator;
import java.util.TreeSet;

import org.apache.kafka.common.TopicPartition;

/** Many partitions in a few words. */
final class PartitionRanges {

    private PartitionRanges() {}

    /** As {@code partition 3}, or {@code partitions 0-41, 43}. */
    static String named(Collection<Integer> partitions) {
        TreeSet<Integer> sorted = new TreeSet<>(partitions);
        StringBuilder text = new StringBuilder(sorted.size() == 1 ? "partition " : "partitions ");
        Iterator<Integer> all = sorted.iterator();
        String separator = "";
        Integer next = all.hasNext() ? all.next() : null;
        while (next != null) {
            int first = next;
            int last = first;
            next = all.hasNext() ? all.next() : null;
            while (next != null && next == last + 1) {
                last = next;
                next = all.hasNext() ? all.next() : null;
            }
            text.append(separator).append(first);
            if (last > first) {
                text.append(last == first + 1 ? ", " : "-").append(last);
            }
            separator = ", ";
        }
        return text.toString();
    }

    /** The numbers of these, whatever their topics. */
    static String of(Collection<TopicPartition> inputs) {
        return named(inputs.stream().map(TopicPartition::partition).toList());
    }
}
