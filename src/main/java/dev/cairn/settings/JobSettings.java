package dev.cairn.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is processed, and by whom. Immutable.
 *
 * @param name the job: consumer group, directory of its checkpoints, beginning of its transactional ids
 * @param inputTopics read together, partition by partition; at least one, none twice
 * @param inputStart where a job without committed offsets and checkpoints starts
 * @param inputMaxIdle how long records wait for an input topic that has none, zero where only what the broker already has is
 *     waited for, below zero where nothing is
 * @param outputTopic where results go, if the job has any
 * @param deadLetterTopic where records go that cannot be processed; there when {@code errors} is {@link
 *     ErrorPolicy#DEAD_LETTER}
 * @param processor name of the processor
 * @param errors what to do with a record that cannot be processed
 * @param threads loops of this worker, at least 1
 * @param instance this worker among those of the job, the same after a restart
 * @param statusInterval time between two status lines, zero for none
 * @param advertisedAddress where other workers of the job reach this one by HTTP
 * @param hotKeys whether to find out which keys are updated most and which have the largest values
 */
public record JobSettings(
        String name,
        List<String> inputTopics,
        InputStart inputStart,
        Duration inputMaxIdle,
        Optional<String> outputTopic,
        Optional<String> deadLetterTopic,
        String processor,
        ErrorPolicy errors,
        int threads,
        String instance,
        Duration statusInterval,
        URI advertisedAddress,
        boolean hotKeys) {

    public JobSettings {
        inputTopics = List.copyOf(inputTopics);
    }
}
