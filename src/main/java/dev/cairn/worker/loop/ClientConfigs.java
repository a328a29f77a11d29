package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.Settings;
import dev.cairn.worker.group.CoPartitionAssignor;
import dev.cairn.worker.output.TransactionalId;

/**
 * What Kafka's clients are configured with: defaults that fit a worker, over them what the user set, over that what the
 * protocol needs.
 */
public final class ClientConfigs {

    private static final Logger LOG = Logger.getLogger(ClientConfigs.class);
    private static final Duration TRANSACTION_MARGIN = Duration.ofSeconds(30);
    static final int SESSION_TIMEOUT_MILLIS = 15_000;
    private static final int HEARTBEAT_MILLIS = 3_000;
    private static final int HEARTBEATS_IN_SESSION = 5;
    private static final int METADATA_AGE_MILLIS = 10_000;
    private static final int MAX_POLL_RECORDS = 2_000;
    /** Kafka's own default. */
    private static final int MAX_POLL_INTERVAL_MILLIS = 300_000;

    private static final int BATCH_BYTES = 128 * 1024;
    private static final int LINGER_MILLIS = 10;

    /** A topic that was deleted looks like one that is not known yet: the loop must not wait a minute for it. */
    private static final int MAX_BLOCK_MILLIS = 15_000;

    private final Settings settings;
    private final MemoryBudget memory;
    private volatile int batchLimit = Integer.MAX_VALUE;

    public ClientConfigs(Settings settings, MemoryBudget memory) {
        this.settings = settings;
        this.memory = memory;
    }

    /** The consumer of a loop. */
    Map<String, Object> consumer(int loop) {
        Map<String, Object> config = reader();
        config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeatMillis(config));
        // The leader assigns the partitions that it knows: an added one would stay unread for five minutes.
        config.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MILLIS);
        config.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, memory.fetchBytes());
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, memberId(loop));
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(CoPartitionAssignor.class.getName()));
        config.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "cairn-" + memberId(loop));
        return config;
    }

    /** Several fit into a session, as state is only read by members that have just been confirmed. */
    private static int heartbeatMillis(Map<String, Object> config) {
        int session = number(config, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        return Math.max(1, Math.min(HEARTBEAT_MILLIS, session / HEARTBEATS_IN_SESSION));
    }

    /** After which the group gives up a member that it does not hear of. */
    Duration sessionTimeout() {
        return Duration.ofMillis(number(consumer(0), ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG));
    }

    /** After which the group gives up a member that does not poll. */
    Duration maxPollInterval() {
        Map<String, Object> config = consumer(0);
        config.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MILLIS);
        return Duration.ofMillis(number(config, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG));
    }

    /** How many records a consumer returns at most. */
    int maxPollRecords() {
        return number(consumer(0), ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
    }

    private static int number(Map<String, Object> config, String name) {
        return Integer.parseInt(config.get(name).toString());
    }

    /** A consumer that reads the group's offsets and the logs' bounds, without being a member. */
    public Map<String, Object> reader() {
        Map<String, Object> config = settings.kafka().consumer();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.job().name());
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A topic that is missing must be found missing, whatever the broker would create.
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A position that fell off the log must be an error, never a silent skip.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    /** A producer; its id, if it has transactions, is added by its opener. */
    Map<String, Object> producer() {
        Map<String, Object> config = settings.kafka().producer();
        config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        limitBatches(config);
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, memory.producerBytes());
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return config;
    }

    /**
     * Producers are opened with smaller batches from here on: one that a topic does not accept, and that is not larger than
     * the producer's limit, would be split into itself again and again.
     *
     * @return whether that is news
     */
    public synchronized boolean limitBatches(OptionalInt bytes) {
        if (bytes.isEmpty() || bytes.getAsInt() >= batchLimit) {
            return false;
        }
        int before = number(producer(), ProducerConfig.BATCH_SIZE_CONFIG);
        batchLimit = bytes.getAsInt();
        return batchLimit < before;
    }

    private void limitBatches(Map<String, Object> config) {
        if (number(config, ProducerConfig.BATCH_SIZE_CONFIG) > batchLimit) {
            LOG.infof("batches of results have at most %s bytes, because the topics accept no more", batchLimit);
            config.put(ProducerConfig.BATCH_SIZE_CONFIG, batchLimit);
        }
    }

    Map<String, Object> transactionalProducer(String transactionalId) {
        Map<String, Object> config = producer();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int)
                transactionTimeout(settings.checkpoints()).toMillis());
        return config;
    }

    public Map<String, Object> admin() {
        return new HashMap<>(settings.kafka().admin());
    }

    /** A transaction is open for its epoch, then for the checkpoint before its own, then for its own. */
    public static Duration transactionTimeout(CheckpointSettings checkpoints) {
        Duration epoch = checkpoints.interval().compareTo(checkpoints.minPause()) > 0
                ? checkpoints.interval()
                : checkpoints.minPause();
        return epoch.plus(checkpoints.timeout().multipliedBy(2)).plus(TRANSACTION_MARGIN);
    }

    /** Name of a loop in the group: static, so that a restarted worker gets its partitions back at once. */
    String memberId(int loop) {
        return settings.job().instance() + "-" + loop;
    }

    TransactionalId transactionalId(int loop, char turn) {
        return new TransactionalId(settings.job().name(), memberId(loop), turn);
    }
}
