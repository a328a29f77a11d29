package dev.cairn.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.status.MissingInputs;

/**
 * Which partitions of the inputs no member of the group has, and for how long; and which inputs do not exist any more.
 * Thread-safe.
 */
final class Coverage {

    /** The group is asked every 5 s, and may take 15 s to answer. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final LongSupplier nanoTime;
    private final Map<TopicPartition, Long> since = new HashMap<>();
    private Optional<Long> answered = Optional.empty();
    private MissingInputs missing = MissingInputs.NONE;

    Coverage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Kafka has said which inputs do not exist any more. */
    synchronized void missing(MissingInputs now) {
        missing = now;
    }

    /** What Kafka has last said, for however long it does not answer. */
    synchronized MissingInputs missing() {
        return missing;
    }

    /** The group has said which partitions none of its members has. */
    synchronized void uncovered(Collection<TopicPartition> now) {
        long nanos = nanoTime.getAsLong();
        answered = Optional.of(nanos);
        since.keySet().retainAll(now);
        now.forEach(partition -> since.putIfAbsent(partition, nanos));
    }

    /** By partition, for how long; empty while the group has not answered for a while. */
    synchronized Optional<Map<String, Duration>> uncovered() {
        long now = nanoTime.getAsLong();
        return answered.filter(then -> now - then <= LONGEST_SILENCE.toNanos()).map(then -> {
            Map<String, Duration> durations = new HashMap<>();
            since.forEach((partition, from) -> durations.put(partition.toString(), Duration.ofNanos(now - from)));
            return durations;
        });
    }
}
