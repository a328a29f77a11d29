package dev.cairn.worker;

import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

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
final class TransactionalProducer implements Outputs.Frozen, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TransactionalProducer.class);
    private static final int COMMIT_ATTEMPTS = 3;

    private final String id;
    private final Map<String, Object> config;
    private final KafkaClients clients;
    private final TransactionCounts counts;
    private volatile KafkaProducer<byte[], byte[]> producer;
    private volatile boolean closed;
    private volatile State state = State.IDLE;
    private SendResults results = new SendResults();

    private enum State {
        IDLE,
        OPEN,
        COMMITTING,
        BROKEN
    }

    TransactionalProducer(String id, Map<String, Object> config, KafkaClients clients, TransactionCounts counts) {
        this.id = id;
        this.config = config;
        this.clients = clients;
        this.counts = counts;
    }

    String id() {
        return id;
    }

    /** Opens it; whatever was pending under its id is aborted by that. */
    void open() {
        KafkaProducer<byte[], byte[]> opened = clients.producer(config);
        producer = opened;
        if (closed) {
            clients.close(opened);
        }
        opened.initTransactions();
        results = new SendResults();
        state = State.IDLE;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback learns of every failure.
    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            begin();
            producer.send(record, results);
        } catch (KafkaException e) {
            throw new RollBackException("cannot send to " + record.topic(), e);
        }
    }

    /** All records have arrived when this returns. */
    void flush() {
        try {
            producer.flush();
        } catch (KafkaException e) {
            throw new RollBackException("cannot flush the outputs", e);
        }
        results.check();
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
            throw new RollBackException("the group does not accept the offsets", e);
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
                LOG.warnf("%s: no answer to the commit, attempt %d of %d", id, attempt, COMMIT_ATTEMPTS);
                state = attempt < COMMIT_ATTEMPTS ? State.COMMITTING : State.BROKEN;
            } catch (KafkaException e) {
                LOG.warnf("%s: the commit failed: %s", id, e.getMessage());
                state = State.BROKEN;
            }
        }
        rebuild();
        counts.unknown();
        return Outputs.Outcome.ASK_THE_GROUP;
    }

    /**
     * Ends the transaction without committing it. Not while it is COMMITTING on another thread.
     *
     * @throws KafkaException when the broker cannot be reached; to be called again
     */
    void abort() {
        if (state == State.IDLE && results.isClean()) {
            return;
        }
        if (state != State.BROKEN) {
            try {
                producer.abortTransaction();
                results = new SendResults();
                state = State.IDLE;
                counts.aborted();
                return;
            } catch (KafkaException | IllegalStateException e) {
                LOG.infof("%s: the producer is opened anew, because it cannot abort: %s", id, e.getMessage());
                state = State.BROKEN;
            }
        }
        rebuild();
        counts.aborted();
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

    private void rebuild() {
        closeProducer();
        open();
    }

    private void begin() {
        if (state == State.IDLE) {
            producer.beginTransaction();
            state = State.OPEN;
        }
    }

    /** One callback for all records of a transaction: keeps the first failure. */
    private static final class SendResults implements Callback {

        private volatile Exception failure;

        @Override
        public void onCompletion(RecordMetadata metadata, Exception exception) {
            if (exception != null && failure == null) {
                failure = exception;
            }
        }

        boolean isClean() {
            return failure == null;
        }

        void check() {
            if (failure != null) {
                throw new RollBackException("a record did not arrive", failure);
            }
        }
    }
}
