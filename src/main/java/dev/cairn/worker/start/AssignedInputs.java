package dev.cairn.worker.start;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Reads what Kafka says of all inputs of an assignment at once, instead of partition by partition. The first attempt to start a
 * partition takes its part; each later one reads again, because the partition may have committed since. Thread-safe.
 */
final class AssignedInputs {

    private static final Logger LOG = Logger.getLogger(AssignedInputs.class);

    private final Function<List<TopicPartition>, InputFacts> question;
    private final Map<Integer, FutureTask<InputFacts>> asked = new ConcurrentHashMap<>();

    AssignedInputs(Function<List<TopicPartition>, InputFacts> question) {
        this.question = question;
    }

    /**
     * Partitions have been assigned.
     *
     * @param assigned the inputs of each, by number
     * @return asks. It blocks; the first start that needs the answer asks if no one has
     */
    Runnable of(Map<Integer, List<TopicPartition>> assigned) {
        List<TopicPartition> inputs =
                assigned.values().stream().flatMap(Collection::stream).toList();
        FutureTask<InputFacts> task = new FutureTask<>(() -> question.apply(inputs));
        assigned.keySet().forEach(partition -> asked.put(partition, task));
        return task;
    }

    /** What was read for a partition. Nothing the second time, and nothing if it could not be read. */
    Optional<InputFacts> take(int partition, List<TopicPartition> inputs) {
        FutureTask<InputFacts> task = asked.remove(partition);
        if (task == null) {
            return Optional.empty();
        }
        task.run();
        try {
            InputFacts all = task.get();
            return all.inputs().containsAll(inputs) ? Optional.of(all.of(inputs)) : Optional.empty();
        } catch (ExecutionException e) {
            LOG.debugf("reads the inputs of partition %s by itself: %s", partition, e.getCause());
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
