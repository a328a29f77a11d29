package dev.cairn.worker.group;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks the cluster what the job's input topics are. Thread-safe. */
public final class InputTopics {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Admin admin;
    private final List<String> topics;

    public InputTopics(Admin admin, Collection<String> topics) {
        this.admin = admin;
        this.topics = List.copyOf(topics);
    }

    /** Asks. @return the answer, by topic, without topics that do not exist; fails when the broker refuses or is away */
    public CompletableFuture<Map<String, InputTopic>> ask() {
        Map<String, InputTopic> found = new ConcurrentHashMap<>();
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) LIMIT.toMillis());
        CompletableFuture<?>[] answers = admin.describeTopics(topics, options).topicNameValues().entrySet().stream()
                .map(each -> each.getValue()
                        .toCompletionStage()
                        .handle((topic, failure) -> note(each.getKey(), topic, failure, found))
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers).thenApply(all -> new TreeMap<>(found));
    }

    private static Void note(String name, TopicDescription topic, Throwable failure, Map<String, InputTopic> found) {
        if (topic != null) {
            found.put(
                    name,
                    new InputTopic(
                            topic.topicId().toString(), topic.partitions().size()));
            return null;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return null;
        }
        throw new CompletionException(cause);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @return by topic, without topics that do not exist
     * @throws KafkaException when the broker refuses or is away
     */
    public Map<String, InputTopic> read() {
        return get(ask());
    }

    private static <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("Kafka has not said within " + LIMIT.toSeconds() + " s what the inputs are", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
