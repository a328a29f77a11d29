package dev.cairn.job;

import java.util.Collection;
import java.util.Optional;

import org.apache.kafka.common.KafkaException;

import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.settings.KafkaSettings;

/**
 * The job's consumer group, where it is known how to reach it.
 *
 * @param pointers asks it; nothing where Kafka is not configured
 */
public record Group(Optional<GroupPointers> pointers) implements AutoCloseable {

    /** Of those who go by the store only. */
    public static final Group NOT_ASKED = new Group(Optional.empty());

    /**
     * The group of a job.
     *
     * @param kafka how to reach it, if that is known
     * @throws JobException when a client cannot be made of these settings
     */
    public static Group of(String job, Optional<KafkaSettings> kafka) {
        try {
            return new Group(kafka.map(settings -> GroupPointers.of(job, settings)));
        } catch (KafkaException e) {
            throw GroupPointers.failed(job, e.getCause() == null ? e : e.getCause());
        }
    }

    public boolean isAsked() {
        return pointers.isPresent();
    }

    /** Asks whenever it is looked at. */
    public GroupSource source() {
        return isAsked() ? pointers.get() : GroupSource.NOT_ASKED;
    }

    /** Asks for all of these partitions now, and again whenever one of them is looked at once more. */
    public GroupSource source(Collection<Integer> partitions) {
        return isAsked() ? pointers.get().lookedAt(partitions) : GroupSource.NOT_ASKED;
    }

    @Override
    public void close() {
        pointers.ifPresent(GroupPointers::close);
    }
}
