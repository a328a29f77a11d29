package dev.cairn.fleet;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.cairn.state.EntrySelection;
import dev.cairn.worker.Consistency;

/**
 * What one worker asks another about a state.
 *
 * @param job the job that the asker belongs to: an address may have changed hands
 * @param consistency which state is read
 * @param entries which entries of a map or a list; {@code null} where only values are wanted
 * @param keys what it is asked for
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record StateQuestion(String job, Consistency consistency, EntrySelection entries, List<Key> keys) {

    /**
     * A key.
     *
     * @param key the record's key
     * @param partition where it is looked for
     * @param partitionCount by which count the partition was chosen; 0 where it was given
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    @SuppressWarnings("ArrayRecordComponent") // No one compares them.
    public record Key(byte[] key, int partition, int partitionCount) {}
}
