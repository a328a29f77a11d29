package dev.cairn.worker.record;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.TimerRecord;

/**
 * The input records of a loop whose results were refused, kept over the roll back until a checkpoint is past them: when the
 * loop comes to such a record again, it knows. On the loop's thread.
 */
public final class Refusals {

    /** Timers that are remembered: nothing says when one cannot come again. */
    private static final int MAX_TIMERS = 10_000;

    private final Map<TopicPartition, TreeMap<Long, Refusal>> known = new HashMap<>();
    private final Map<TimerId, Refusal> timers = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TimerId, Refusal> eldest) {
            return size() > MAX_TIMERS;
        }
    };

    private record TimerId(TopicPartition timer, long time, ByteBuffer key) {}

    /** Whether there are none of input records, as nearly always. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** Whether nothing is known of any record or timer. */
    boolean areNone() {
        return known.isEmpty() && timers.isEmpty();
    }

    /** Takes note of refusals. @return whether any of them is news */
    boolean learn(List<Refusal> refusals) {
        boolean news = false;
        for (Refusal refusal : refusals) {
            if (refusal.timerKey() != null) {
                news |= learnOfTimer(refusal);
                continue;
            }
            TreeMap<Long, Refusal> ofInput = known.computeIfAbsent(refusal.input(), each -> new TreeMap<>());
            Refusal before = ofInput.get(refusal.offset());
            if (before == null || (!before.certain() && refusal.certain())) {
                ofInput.put(refusal.offset(), refusal);
                news = true;
            }
        }
        return news;
    }

    private boolean learnOfTimer(Refusal refusal) {
        TimerId id = new TimerId(refusal.input(), refusal.offset(), ByteBuffer.wrap(refusal.timerKey()));
        Refusal before = timers.get(id);
        boolean news = before == null || (!before.certain() && refusal.certain());
        if (news) {
            timers.put(id, refusal);
        }
        return news;
    }

    /** What is known of a record or a timer; {@code null} where nothing is. */
    Refusal of(ConsumerRecord<?, ?> record) {
        if (record instanceof TimerRecord timer) {
            return timers.get(new TimerId(
                    new TopicPartition(timer.topic(), timer.partition()), timer.time(), ByteBuffer.wrap(timer.key())));
        }
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
