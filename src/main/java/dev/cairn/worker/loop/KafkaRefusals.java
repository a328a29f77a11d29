package dev.cairn.worker.loop;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.protocol.Errors;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;

/** What Kafka's refusals mean for a worker: the thing that is refused, and what to do about it. */
public final class KafkaRefusals {

    private static final int MAX_CAUSES = 20;
    private static final List<String> DAMAGED_INPUT = List.of(
            "Record batch for partition ", "Record for partition ", "Encountered corrupt message when fetching ");

    private final Settings settings;

    KafkaRefusals(Settings settings) {
        this.settings = settings;
    }

    /**
     * What to say of a refusal: the thing, the cause and the way out, in one sentence without a full stop. Looks for the
     * refusal behind wrappings.
     *
     * @param transactionalIds of the loop
     * @return nothing where it is no refusal that is known
     */
    Optional<String> sentence(Throwable error, List<String> transactionalIds) {
        Throwable cause = error;
        for (int depth = 0; depth < MAX_CAUSES && cause != null; depth++) {
            Optional<String> sentence = sentenceOf(cause, transactionalIds);
            if (sentence.isPresent()) {
                return sentence;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** What to say of any failure: as {@link #sentence}, after what the loop was about, or its own message; without a full stop. */
    String describe(Throwable failure, List<String> transactionalIds) {
        return Clause.of(sentence(failure, transactionalIds)
                .map(sentence -> context(failure) + sentence)
                .orElseGet(() -> Clause.of(failure)));
    }

    /** What the loop's own exceptions say before the cause's message. */
    private static String context(Throwable failure) {
        String message = failure.getMessage();
        String cause = failure.getCause() == null ? null : failure.getCause().getMessage();
        if (message == null || cause == null || !message.endsWith(": " + cause)) {
            return "";
        }
        return message.substring(0, message.length() - cause.length());
    }

    private Optional<String> sentenceOf(Throwable error, List<String> transactionalIds) {
        String group = settings.job().name();
        if (error instanceof TransactionalIdAuthorizationException) {
            return Optional.of("Kafka refuses the transactional id, one of " + String.join(", ", transactionalIds)
                    + ": allow the worker's principal WRITE and DESCRIBE on the transactional ids that begin with "
                    + group + "/cairn/ (an ACL with a prefixed pattern)");
        }
        if (error instanceof GroupAuthorizationException) {
            return Optional.of("Kafka refuses the consumer group " + group
                    + ": allow the worker's principal READ and DESCRIBE on the group of this name");
        }
        if (error instanceof TopicAuthorizationException topics) {
            return Optional.of("Kafka refuses the topic " + names(topics.unauthorizedTopics())
                    + ": allow the worker's principal READ and DESCRIBE on the topics of " + SettingNames.INPUT_TOPICS
                    + " and of named inputs, WRITE and DESCRIBE on those of " + SettingNames.OUTPUT_TOPIC
                    + ", of named outputs and of " + SettingNames.DEAD_LETTER_TOPIC);
        }
        if (error instanceof ClusterAuthorizationException) {
            return Optional.of(
                    "Kafka refuses an idempotent producer: allow the worker's principal WRITE on the topic, or"
                            + " IDEMPOTENT_WRITE on the cluster");
        }
        if (error instanceof InvalidTopicException topic) {
            return Optional.of("the topic " + names(topic.invalidTopics()) + " cannot be used: " + error.getMessage());
        }
        if (error instanceof InconsistentGroupProtocolException || error instanceof GroupIdNotFoundException) {
            return Optional.of(foreignGroup(group, "the broker says: " + error.getMessage()));
        }
        if (error instanceof InvalidSessionTimeoutException) {
            return Optional.of("the broker refuses kafka.session.timeout.ms="
                    + settings.kafka()
                            .clientProperties()
                            .getOrDefault(
                                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                                    Integer.toString(ClientConfigs.SESSION_TIMEOUT_MILLIS))
                    + ": it is not within the broker's group.min.session.timeout.ms and"
                    + " group.max.session.timeout.ms. Correct one of them");
        }
        if (error instanceof GroupMaxSizeReachedException) {
            return Optional.of("the consumer group " + group
                    + " is full: the broker's group.max.size allows no more members, and each thread of each worker is"
                    + " one. Raise it, or run fewer workers or threads (" + SettingNames.THREADS + ")");
        }
        if (isDamagedInput(error)) {
            return Optional.of(
                    "an input cannot be read, because its data in Kafka is damaged: " + Clause.of(error)
                            + ". Repair the broker's disk, or let another replica lead the partition. To give the damaged records"
                            + " up, delete all up to a later offset with kafka-delete-records.sh. Nothing of the state is lost");
        }
        if (isTransactionTooLong(error)) {
            return Optional.of(transactionTooLong(settings, "more than its transaction.max.timeout.ms allows"));
        }
        if (error instanceof AuthenticationException || error instanceof AuthorizationException) {
            return Optional.of("Kafka refuses this worker: " + Clause.of(error)
                    + ". Correct the kafka.security.*, kafka.sasl.* and kafka.ssl.* settings, or its rights");
        }
        return Optional.empty();
    }

    /** The consumer has no exception of its own for it: it says the partition, the offset and the cause in words. */
    private static boolean isDamagedInput(Throwable error) {
        String message = error.getMessage();
        return message != null && DAMAGED_INPUT.stream().anyMatch(message::startsWith);
    }

    private static String names(Collection<String> topics) {
        return String.join(", ", new TreeSet<>(topics));
    }

    /** The producer passes it on as an error of no kind, with the broker's words. */
    private static boolean isTransactionTooLong(Throwable error) {
        return error.getMessage() != null && error.getMessage().contains(Errors.INVALID_TRANSACTION_TIMEOUT.message());
    }

    /** What is wrong with a group that others use in their own way. */
    public static String foreignGroup(String group, String how) {
        return "the consumer group " + group + " is used by another kind of consumer (" + how
                + "): it is for the workers of this job only. Stop the others, or give this job another name ("
                + SettingNames.JOB + ")";
    }

    /** What is wrong with a transaction that would last longer than the broker allows. */
    public static String transactionTooLong(Settings settings, String allowed) {
        return "a transaction has to be able to last "
                + ClientConfigs.transactionTimeout(settings.checkpoints()).toMillis()
                + " ms (" + SettingNames.INTERVAL + "="
                + DurationText.of(settings.checkpoints().interval())
                + " + 2 x " + SettingNames.TIMEOUT + "="
                + DurationText.of(settings.checkpoints().timeout())
                + " + 30s), but the broker refuses it: " + allowed
                + ". Lower the former or raise the broker's transaction.max.timeout.ms";
    }
}
