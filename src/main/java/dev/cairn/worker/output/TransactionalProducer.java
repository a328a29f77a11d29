package dev.cairn.worker.output;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jboss.logging.Logger;

import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;

/**
 * One of a loop's two producers, and where its transaction stands.
 *
 * <pre>
 *   IDLE ──send──► OPEN ──sendOffsets──► COMMITTING ──commit──► IDLE
 *    ▲              │ abort                  │ outcome unknown, or fenced
 *    ├──────────────┤                        │
 *    │              ▼ cannot                 │
 *    └─ rebuild ─ BROKEN ◄───────────────────┘     (a new producer under the same id ends what was pending)
 * </pre>
 *
 * <p>The loop's thread has it but while it is COMMITTING, when the thread behind has it.
 */
public final class TransactionalProducer implements Outputs.Frozen, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TransactionalProducer.class);
    private static final int COMMIT_ATTEMPTS = 3;

    private final String id;
    private final Supplier<Map<String, Object>> config;
    private final KafkaClients clients;
    private final OutputWatch watch;
    private final TransactionCounts counts;
    private volatile RecordLimit limit;
    private volatile KafkaProducer<byte[], byte[]> producer;
    private volatile OutputTopics.Generation generation;
    private volatile boolean closed;
    private volatile State state = State.IDLE;
    private volatile SendResults results = new SendResults();

    private enum State {
        IDLE,
        OPEN,
        COMMITTING,
        BROKEN
    }

    /** @param config of the producer, whenever it is opened */
    public TransactionalProducer(
            String id,
            Supplier<Map<String, Object>> config,
            KafkaClients clients,
            OutputWatch watch,
            TransactionCounts counts) {
        this.id = id;
        this.config = config;
        this.clients = clients;
        this.watch = watch;
        this.counts = counts;
    }

    String id() {
        return id;
    }

    /** Opens it; whatever was pending under its id is aborted by that. Closes one that could not be opened before. */
    void open() {
        closeProducer();
        Map<String, Object> settings = config.get();
        generation = watch.topics().generation();
        KafkaProducer<byte[], byte[]> opened = clients.producer(settings);
        limit = RecordLimit.of(settings, watch.topics());
        producer = opened;
        if (closed) {
            closeProducer();
        }
        opened.initTransactions();
        results = new SendResults();
        state = State.IDLE;
    }

    /** What is written to. */
    OutputTopics topics() {
        return watch.topics();
    }

    void requireSendable(ProducerRecord<byte[], byte[]> record) {
        limit.check(record);
    }

    /** What became of the records of its transaction so far. */
    SendResults results() {
        return results;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The origin learns of every failure.
    void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin) {
        try {
            begin();
            results.sent(origin);
            producer.send(record, origin);
        } catch (KafkaException e) {
            throw failed("cannot send to " + record.topic(), e);
        }
        check();
    }

    /** All records have arrived when this returns. */
    void flush() {
        if (state == State.IDLE) {
            return;
        }
        try {
            watch.flush(producer, generation);
        } catch (StopWorkerException | RollBackException e) {
            // What cannot arrive would be waited for by an orderly abort, too.
            state = State.BROKEN;
            suspectUnanswered(e);
            throw e;
        } catch (KafkaException e) {
            throw failed("cannot flush the outputs", e);
        }
        check();
    }

    private void suspectUnanswered(RuntimeException failure) {
        if (failure.getCause() instanceof RecordTooLargeException cause) {
            results.suspectUnanswered(cause);
        }
    }

    /** Looks at the answers so far. */
    void check() {
        if (!results.isClean()) {
            throw failed("a record did not arrive", results.cause());
        }
    }

    /** Once a transaction has failed, every further answer is that it has: the first failure is the cause. */
    private RollBackException failed(String what, Exception failure) {
        Exception cause = results.isClean() ? failure : results.cause();
        try {
            watch.failed(cause);
        } catch (StopWorkerException e) {
            state = State.BROKEN;
            throw e;
        }
        return new RollBackException(about(what, cause), cause);
    }

    /** The broker's answer does not name an id that it refuses. */
    private String about(String what, Exception cause) {
        boolean ofId = cause instanceof TransactionalIdAuthorizationException
                || cause.getCause() instanceof TransactionalIdAuthorizationException;
        return ofId ? what + " as " + id : what;
    }

    @Override
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer) {
        try {
            begin();
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            state = State.COMMITTING;
        } catch (FencedInstanceIdException e) {
            throw e;
        } catch (KafkaException e) {
            throw new RollBackException(about("the group does not accept the offsets", e), e);
        }
    }

    /** @throws KafkaException when the broker cannot be reached to learn the outcome; to be called again */
    @Override
    public Outputs.Outcome commit() {
        for (int attempt = 1; state == State.COMMITTING; attempt++) {
            try {
                producer.commitTransaction();
                state = State.IDLE;
                counts.committed();
                return Outputs.Outcome.COMMITTED;
            } catch (TimeoutException | InterruptException e) {
                LOG.warnf("%s: no answer to the commit, attempt %s of %s", id, attempt, COMMIT_ATTEMPTS);
                state = attempt < COMMIT_ATTEMPTS ? State.COMMITTING : State.BROKEN;
            } catch (KafkaException e) {
                LOG.warnf("%s: the commit failed: %s", id, e.getMessage());
                state = State.BROKEN;
            }
        }
        open();
        counts.unknown();
        return Outputs.Outcome.ASK_THE_GROUP;
    }

    /**
     * Ends the transaction without committing it. Not while it is COMMITTING on another thread.
     *
     * @return the input records whose results were refused
     * @throws KafkaException when the broker cannot be reached; to be called again
     */
    List<Refusal> abort() {
        if (state == State.IDLE && results.isClean()) {
            return List.of();
        }
        if (state != State.BROKEN) {
            try {
                watch.run(producer::abortTransaction);
                // Every answer has arrived before the transaction could end.
                SendResults ended = results;
                results = new SendResults();
                state = State.IDLE;
                counts.aborted();
                return ended.refusals();
            } catch (RollBackException e) {
                state = State.BROKEN;
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                LOG.infof("%s: the producer is opened anew, because it cannot abort: %s", id, e.getMessage());
                state = State.BROKEN;
            }
        }
        SendResults ended = results;
        watch.run(this::open);
        counts.aborted();
        return ended.refusals();
    }

    /** Also while it is being opened on another thread. */
    @Override
    public void close() {
        closed = true;
        closeProducer();
    }

    private void closeProducer() {
        if (producer != null) {
            clients.close(producer);
        }
    }

    private void begin() {
        if (state == State.IDLE) {
            producer.beginTransaction();
            state = State.OPEN;
        }
    }
}
