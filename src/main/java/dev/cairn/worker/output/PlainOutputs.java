package dev.cairn.worker.output;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.RollBackException;

/**
 * At least once, and jobs without output: records are visible at once, and the offsets are committed by the consumer once
 * the records have arrived and the checkpoint is whole.
 */
public final class PlainOutputs implements Outputs {

    private static final Logger LOG = Logger.getLogger(PlainOutputs.class);

    /** What is not answered by then may still be accepted: the group is asked. */
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(10);

    private final Supplier<Map<String, Object>> config;
    private final KafkaClients clients;
    private final OutputWatch watch;
    private SendResults results = new SendResults();
    private RecordLimit limit;
    private KafkaProducer<byte[], byte[]> producer;
    private OutputTopics.Generation opened;
    private boolean broken;

    /** @param config of the producer, whenever it is opened */
    public PlainOutputs(Supplier<Map<String, Object>> config, KafkaClients clients, OutputWatch watch) {
        this.config = config;
        this.clients = clients;
        this.watch = watch;
    }

    @Override
    public void start() {
        Map<String, Object> settings = config.get();
        limit = RecordLimit.of(settings, watch.topics());
        opened = watch.topics().generation();
        producer = clients.producer(settings);
        broken = false;
    }

    @Override
    public boolean isStarted() {
        return true;
    }

    @Override
    public void add(String topic, String setting) {
        watch.topics().add(topic, setting);
    }

    @Override
    public void requireSendable(ProducerRecord<byte[], byte[]> record) {
        limit.check(record);
    }

    @Override
    public SendResults.Origin origin(ConsumerRecord<?, ?> input) {
        return results.of(input);
    }

    @Override
    public SendResults.Origin deadLetterOrigin(ConsumerRecord<?, ?> input) {
        return results.ofDeadLetter(input);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The origin learns of every failure.
    @Override
    public void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin) {
        try {
            producer.send(record, origin);
        } catch (KafkaException e) {
            broken = true;
            throw failed("cannot send to " + record.topic(), e);
        }
        check();
    }

    @Override
    public void check() {
        if (!results.isClean()) {
            throw failed("a record did not arrive", results.cause());
        }
    }

    private RollBackException failed(String what, Exception failure) {
        Exception cause = results.isClean() ? failure : results.cause();
        watch.failed(cause);
        return new RollBackException(what, cause);
    }

    @Override
    public void flush() {
        try {
            watch.flush(producer, opened);
        } catch (RollBackException e) {
            broken = true;
            if (e.getCause() instanceof RecordTooLargeException cause) {
                results.suspectUnanswered(cause);
            }
            throw e;
        }
        check();
    }

    @Override
    public Frozen freeze() {
        flush();
        results = new SendResults();
        return new ConsumerCommit();
    }

    @Override
    public List<Refusal> rollBack() {
        if (results.isClean() && !broken) {
            return List.of();
        }
        if (!broken && FailureKind.of(results.cause()) == FailureKind.RECORD) {
            // The answers to what is under way are of use: they may name more records that are refused.
            watch.flushBriefly(producer);
        }
        close();
        SendResults ended = results;
        results = new SendResults();
        start();
        return ended.refusals();
    }

    @Override
    public List<String> transactionalIds() {
        return List.of();
    }

    @Override
    public void close() {
        if (producer != null) {
            clients.close(producer);
        }
    }

    private static final class ConsumerCommit implements Frozen {

        private Outcome outcome = Outcome.COMMITTED;

        @Override
        public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer) {
            try {
                consumer.commitSync(offsets, COMMIT_LIMIT);
            } catch (FencedInstanceIdException | RebalanceInProgressException e) {
                throw e;
            } catch (TimeoutException e) {
                LOG.warnf("no answer to the commit of the offsets: %s", e.getMessage());
                outcome = Outcome.ASK_THE_GROUP;
            } catch (KafkaException e) {
                throw new RollBackException("the group does not accept the offsets", e);
            }
        }

        @Override
        public Outcome commit() {
            return outcome;
        }
    }
}
