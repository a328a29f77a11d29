package dev.cairn.worker.status;

import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InconsistentTopicIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What a failure that Kafka reports is about, and so what the loop does about it. The only place that tells permanent
 * failures and retriable ones apart.
 */
public enum FailureKind {
    /**
     * The broker cannot be reached or is not ready, or the group is moving partitions. The loop rolls back and tries again
     * for as long as it takes.
     */
    UNAVAILABLE,

    /** The same work may succeed in a new transaction. The loop rolls back, but only so often without progress. */
    RETRIABLE,

    /** Another client uses the transactional id. The producer is opened anew; otherwise as {@link #RETRIABLE}. */
    FENCED,

    /** The broker or the client refuses a record, and will refuse it each time. {@code cairn.errors} decides. */
    RECORD,

    /** A right, a topic or a setting is wrong. After a few tries the worker stops. */
    WORKER;

    /** What is not named here is {@link #UNAVAILABLE} where Kafka calls it retriable, and {@link #RETRIABLE} otherwise. */
    private static final Map<FailureKind, List<Class<? extends KafkaException>>> NAMED = Map.of(
            RECORD,
            List.of(
                    RecordTooLargeException.class,
                    RecordBatchTooLargeException.class,
                    InvalidTimestampException.class,
                    InvalidRecordException.class,
                    SerializationException.class),
            WORKER,
            List.of(
                    AuthorizationException.class,
                    AuthenticationException.class,
                    SecurityDisabledException.class,
                    UnknownTopicOrPartitionException.class,
                    UnknownTopicIdException.class,
                    InconsistentTopicIdException.class,
                    InvalidTopicException.class,
                    InvalidTxnTimeoutException.class,
                    InvalidRequiredAcksException.class,
                    InvalidCommitOffsetSizeException.class,
                    InvalidConfigurationException.class,
                    InvalidGroupIdException.class,
                    InvalidSessionTimeoutException.class,
                    InconsistentGroupProtocolException.class,
                    GroupMaxSizeReachedException.class,
                    FencedInstanceIdException.class,
                    UnsupportedVersionException.class,
                    UnsupportedAssignorException.class,
                    UnsupportedCompressionTypeException.class,
                    UnsupportedForMessageFormatException.class,
                    PolicyViolationException.class,
                    ConfigException.class),
            FENCED,
            List.of(ProducerFencedException.class, InvalidProducerEpochException.class),
            RETRIABLE,
            // The client has already sent it again, as often as it may.
            List.of(CorruptRecordException.class),
            UNAVAILABLE,
            List.of(
                    BrokerNotAvailableException.class,
                    CommitFailedException.class,
                    RebalanceInProgressException.class,
                    IllegalGenerationException.class,
                    UnknownMemberIdException.class,
                    StaleMemberEpochException.class,
                    FencedMemberEpochException.class,
                    InterruptException.class));

    /**
     * Tells what a failure is about. Looks through wrappings: once a transaction has failed, Kafka's producer wraps the cause
     * in every further answer.
     */
    public static FailureKind of(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RollBackException rollBack) {
                return rollBack.kind();
            }
            for (FailureKind kind : values()) {
                if (isOneOf(NAMED.get(kind), each)) {
                    return kind;
                }
            }
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RetriableException) {
                return UNAVAILABLE;
            }
        }
        return RETRIABLE;
    }

    private static boolean isOneOf(List<Class<? extends KafkaException>> types, Throwable failure) {
        for (Class<? extends KafkaException> type : types) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }
}
