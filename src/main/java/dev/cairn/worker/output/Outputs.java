package dev.cairn.worker.output;

import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a loop's results go, epoch by epoch. Used by the loop's thread, apart from {@link Frozen#commit}.
 */
public interface Outputs extends AutoCloseable {

    /** Begins to end whatever an earlier run of this loop left behind. */
    void start();

    /**
     * Whether that is done: nothing may be sent before.
     *
     * @throws dev.cairn.worker.status.RollBackException when the broker refused, or could not be reached; it has begun again
     */
    boolean isStarted();

    /**
     * Results will also go to this topic, which no setting names. Knows it from then on.
     *
     * @param setting that could name another one
     * @throws dev.cairn.worker.status.StopWorkerException when it does not exist
     */
    void add(String topic, String setting);

    /**
     * Looks whether a record can be sent at all, as far as this side knows.
     *
     * @throws org.apache.kafka.common.errors.RecordTooLargeException when the client would refuse it
     * @throws IllegalArgumentException when the topic does not have its partition
     */
    void requireSendable(ProducerRecord<byte[], byte[]> record);

    /** Where the results of an input record come from, to be sent before the epoch ends. */
    SendResults.Origin origin(ConsumerRecord<?, ?> input);

    /** Where the dead letter of an input record comes from, to be sent before the epoch ends. */
    SendResults.Origin deadLetterOrigin(ConsumerRecord<?, ?> input);

    /**
     * Sends a record in the epoch under way.
     *
     * @throws dev.cairn.worker.status.RollBackException when the epoch cannot be committed any more
     */
    void send(ProducerRecord<byte[], byte[]> record, SendResults.Origin origin);

    /**
     * Looks at the answers so far.
     *
     * @throws dev.cairn.worker.status.RollBackException when the epoch cannot be committed any more
     */
    void check();

    /**
     * All records of the epoch under way have arrived when this returns.
     *
     * @throws dev.cairn.worker.status.RollBackException when some have not
     */
    void flush();

    /**
     * Ends the epoch: all of its records have arrived when this returns, so that none of the next can pass them.
     *
     * @throws dev.cairn.worker.status.RollBackException when some have not
     */
    Frozen freeze();

    /**
     * Takes back what is not committed.
     *
     * @return the input records whose results were refused
     * @throws org.apache.kafka.common.errors.RetriableException to be called again
     */
    List<Refusal> rollBack();

    /** Ids under which a transaction could be left behind. */
    List<String> transactionalIds();

    @Override
    void close();

    /** An epoch that has ended and must be committed. */
    interface Frozen {

        /**
         * Adds the offsets to the commit, on the loop's thread, with the group's metadata as it is now. For outputs
         * without transactions, this is the commit.
         *
         * @throws dev.cairn.worker.status.RollBackException when the group does not accept them
         * @throws org.apache.kafka.common.errors.RebalanceInProgressException when it may after the next poll
         */
        void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer);

        /** Commits, on any thread. Blocks. */
        Outcome commit();
    }

    /** How a commit ended. */
    enum Outcome {
        COMMITTED,
        /** The broker did not say, or refused; nothing of this producer is pending any more, and the group knows. */
        ASK_THE_GROUP
    }
}
