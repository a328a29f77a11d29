package dev.cairn.worker.output;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

import dev.cairn.settings.JobSettings;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.status.StopWorkerException;

/** The topics that a worker writes to, as the cluster knows them. Thread-safe. */
public final class OutputTopics {

    private static final Logger LOG = Logger.getLogger(OutputTopics.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LIMIT_AGE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int LOOKS = 3;

    private final Admin admin;
    /** By topic, the setting that names it. */
    private final Map<String, String> settings;

    private final Map<String, Limit> limits = new ConcurrentHashMap<>();
    private final Map<String, InputTopic> known = new ConcurrentHashMap<>();
    private volatile long lookedNanos;
    private volatile Generation generation = new Generation(0, "");

    /**
     * Changes whenever a topic is another one than before: a producer that was opened before may hold records for partitions
     * that are gone.
     *
     * @param number of changes so far
     * @param change the last one
     */
    record Generation(int number, String change) {}

    /** What a topic accepted when it was asked. */
    private record Limit(int bytes, long nanos) {

        private boolean isFresh() {
            return System.nanoTime() - nanos < LIMIT_AGE.toNanos();
        }
    }

    private OutputTopics(JobSettings job, Admin admin) {
        this.admin = admin;
        this.settings = new ConcurrentHashMap<>(job.writtenTopics());
    }

    /** As the cluster knows them now. */
    public static OutputTopics of(JobSettings job, Admin admin) {
        OutputTopics topics = new OutputTopics(job, admin);
        topics.batchLimitNow();
        topics.look();
        return topics;
    }

    /**
     * A topic that no setting names is written to as well. Once for each.
     *
     * @param setting that could name another one
     * @throws StopWorkerException when it does not exist
     */
    synchronized void add(String topic, String setting) {
        if (!settings.containsKey(topic)) {
            requireExisting(topic, setting);
            settings.put(topic, setting);
            readLimits(List.of(topic));
            look();
        }
    }

    /**
     * Looks a few times whether all of them exist. What cannot be learned is taken to be well.
     *
     * @throws StopWorkerException when one does not
     */
    void requireExisting() {
        settings.forEach(this::requireExisting);
    }

    private void requireExisting(String topic, String setting) {
        int missing = 0;
        while (isMissing(topic)) {
            if (++missing == LOOKS) {
                throw new StopWorkerException("the topic " + topic + " does not exist"
                        + (known.containsKey(topic) ? " any more" : "") + ": create it, or correct " + setting
                        + ". Nothing is lost: the next start continues from the last checkpoint");
            }
            pause();
        }
    }

    /** As of the last look. */
    Generation generation() {
        return generation;
    }

    /** Looks whether the topics are those of the last look. What cannot be learned is taken to be as it was. */
    public synchronized void look() {
        lookedNanos = System.nanoTime();
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(names()).topicNameValues();
        asked.forEach((topic, answer) -> {
            try {
                TopicDescription now = get(answer);
                look(
                        topic,
                        new InputTopic(
                                now.topicId().toString(), now.partitions().size()));
            } catch (ExecutionException | TimeoutException e) {
                LOG.debugf("cannot look at topic %s: %s", topic, e.getMessage());
            }
        });
    }

    private void look(String topic, InputTopic now) {
        InputTopic before = known.put(topic, now);
        if (before == null) {
            return;
        }
        if (!before.id().equals(now.id()) || now.partitionCount() < before.partitionCount()) {
            String change = "the topic " + topic + " was created anew, with " + now.partitionCount()
                    + " partitions; before it had " + before.partitionCount();
            generation = new Generation(generation.number() + 1, change);
        }
    }

    private boolean isMissing(String topic) {
        try {
            get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** The largest batch that all of them accepted when they were last asked, where the cluster says so. */
    public OptionalInt batchLimit() {
        return limits.values().stream().mapToInt(Limit::bytes).min();
    }

    /** As {@link #batchLimit}, as of now. */
    OptionalInt batchLimitNow() {
        readLimits(names());
        return batchLimit();
    }

    /** The largest batch that a topic accepted when it was last asked; no limit where the cluster does not say. */
    int messageLimit(String topic) {
        Limit limit = limits.get(topic);
        return limit == null ? Integer.MAX_VALUE : limit.bytes();
    }

    /** As {@link #messageLimit}, as of this second. */
    int messageLimitNow(String topic) {
        Limit limit = limits.get(topic);
        if (limit != null && !limit.isFresh()) {
            readLimits(List.of(topic));
        }
        return messageLimit(topic);
    }

    /** How many partitions a topic had when it was last looked at; no limit where that is not known. */
    int partitionCount(String topic) {
        InputTopic found = known.get(topic);
        return found == null ? Integer.MAX_VALUE : found.partitionCount();
    }

    /** As {@link #partitionCount}, as of this second. */
    int partitionCountNow(String topic) {
        if (System.nanoTime() - lookedNanos >= LIMIT_AGE.toNanos()) {
            look();
        }
        return partitionCount(topic);
    }

    private void readLimits(List<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        admin.describeConfigs(resources).values().forEach(this::readLimit);
    }

    private void readLimit(ConfigResource topic, KafkaFuture<Config> answer) {
        try {
            ConfigEntry entry = get(answer).get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (entry != null) {
                limits.put(topic.name(), new Limit(Integer.parseInt(entry.value()), System.nanoTime()));
            }
        } catch (ExecutionException | TimeoutException e) {
            // What the topic does not accept is found out by sending it.
            limits.remove(topic.name());
            LOG.debugf(
                    "cannot read %s of topic %s: %s",
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG, topic.name(), e.getMessage());
        }
    }

    private List<String> names() {
        return List.copyOf(settings.keySet());
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
