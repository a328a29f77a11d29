package dev.cairn.worker.record;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.output.Refusal;

/**
 * The input records of a loop whose results were refused, kept over the roll back until a checkpoint is past them: when the
 * loop comes to such a record again, it knows. On the loop's thread.
 */
public final class Refusals {

    private final Map<TopicPartition, TreeMap<Long, Refusal>> known = new HashMap<>();

    /** Whether there are none, as nearly always. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** Takes note of refusals. @return whether any of them is news */
    boolean learn(List<Refusal> refusals) {
        boolean news = false;
        for (Refusal refusal : refusals) {
            TreeMap<Long, Refusal> ofInput = known.computeIfAbsent(refusal.input(), each -> new TreeMap<>());
            Refusal before = ofInput.get(refusal.offset());
            if (before == null || (!before.certain() && refusal.certain())) {
                ofInput.put(refusal.offset(), refusal);
                news = true;
            }
        }
        return news;
    }

    /** What is known of a record; {@code null} where nothing is. */
    Refusal of(ConsumerRecord<?, ?> record) {
        TreeMap<Long, Refusal> ofInput = known.get(new TopicPartition(record.topic(), record.partition()));
        return ofInput == null ? null : ofInput.get(record.offset());
    }

    /** Right behind the last one of each input. */
    public Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        known.forEach((input, ofInput) -> ends.put(input, ofInput.lastKey() + 1));
        return ends;
    }

    /** A checkpoint is at this position: what lies before it is decided. */
    public void committed(TopicPartition input, long position) {
        TreeMap<Long, Refusal> ofInput = known.get(input);
        if (ofInput != null) {
            ofInput.headMap(position).clear();
            if (ofInput.isEmpty()) {
                known.remove(input);
            }
        }
    }

    /** Forgets the inputs that are not being read. */
    public void retain(Collection<TopicPartition> inputs) {
        known.keySet().retainAll(inputs);
    }
}
