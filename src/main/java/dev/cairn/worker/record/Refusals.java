package dev.cairn.worker.record;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.TimerRecord;

/**
 * The input records of a loop whose results were refused, kept over the roll back until a checkpoint is past them: when the
 * loop comes to such a record again, it knows. On the loop's thread.
 */
public final class Refusals {

    /** Timers that are remembered. More are no news, so that roll backs because of them are counted, and come to an end. */
    private static final int MAX_TIMERS = 100_000;

    private final Map<TopicPartition, TreeMap<Long, Refusal>> known = new HashMap<>();
    private final Map<TimerId, Refusal> timers = new HashMap<>();
    /** Partitions that have had a checkpoint since a timer of theirs was refused. */
    private final Set<Integer> committed = new HashSet<>();

    private record TimerId(TopicPartition timer, long time, ByteBuffer key) {}

    /** Whether there are none of input records, as nearly always. */
    public boolean isEmpty() {
        return known.isEmpty();
    }

    /** Whether there are some of timers. */
    public boolean hasTimers() {
        return !timers.isEmpty();
    }

    /** Whether nothing is known of any record or timer. */
    public boolean areNone() {
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
        if (!news || (before == null && timers.size() >= MAX_TIMERS)) {
            return false;
        }
        timers.put(id, refusal);
        committed.remove(refusal.input().partition());
        return true;
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

    /** A partition has a checkpoint. */
    public void committed(int partition) {
        if (!timers.isEmpty()) {
            committed.add(partition);
        }
    }

    /**
     * Forgets the timers of partitions that have had a checkpoint, because the loop has come to them again. The same timer may be
     * set anew.
     */
    public void forgetTimers() {
        timers.keySet().removeIf(id -> committed.contains(id.timer().partition()));
        committed.clear();
    }

    /** Forgets the inputs that are not being read, and the timers of their partitions. */
    public void retain(Collection<TopicPartition> inputs) {
        known.keySet().retainAll(inputs);
        if (!timers.isEmpty()) {
            Set<Integer> partitions =
                    inputs.stream().map(TopicPartition::partition).collect(Collectors.toSet());
            timers.keySet().removeIf(id -> !partitions.contains(id.timer().partition()));
        }
    }
}
