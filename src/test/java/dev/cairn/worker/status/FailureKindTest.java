package dev.cairn.worker.status;

import static dev.cairn.worker.status.FailureKind.FENCED;
import static dev.cairn.worker.status.FailureKind.RECORD;
import static dev.cairn.worker.status.FailureKind.RETRIABLE;
import static dev.cairn.worker.status.FailureKind.UNAVAILABLE;
import static dev.cairn.worker.status.FailureKind.WORKER;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FailureKindTest {

    private static final Map<FailureKind, Set<String>> EXPECTED = new EnumMap<>(Map.of(
            RECORD,
            names("RecordTooLarge RecordBatchTooLarge InvalidTimestamp InvalidRecord Serialization"
                    + " RecordDeserialization"),
            FENCED,
            names("ProducerFenced InvalidProducerEpoch"),
            WORKER,
            names("Authorization ClusterAuthorization DelegationTokenAuthorization GroupAuthorization"
                    + " TopicAuthorization TransactionalIdAuthorization"
                    + " Authentication SaslAuthentication SslAuthentication IllegalSaslState UnsupportedSaslMechanism"
                    + " SecurityDisabled"
                    + " UnknownTopicOrPartition UnknownTopicId InconsistentTopicId InvalidTopic"
                    + " InvalidReplicationFactor InvalidTxnTimeout InvalidRequiredAcks InvalidCommitOffsetSize InvalidConfiguration InvalidGroupId"
                    + " InvalidSessionTimeout InconsistentGroupProtocol GroupMaxSizeReached FencedInstanceId"
                    + " UnsupportedVersion UnsupportedAssignor UnsupportedCompressionType UnsupportedForMessageFormat"
                    + " PolicyViolation Config"),
            UNAVAILABLE,
            names("CommitFailed RetriableCommitFailed RebalanceInProgress IllegalGeneration UnknownMemberId"
                    + " StaleMemberEpoch FencedMemberEpoch Interrupt"
                    + " Timeout BufferExhausted Network Disconnect NotEnoughReplicas NotEnoughReplicasAfterAppend"
                    + " NotLeaderOrFollower LeaderNotAvailable ReplicaNotAvailable KafkaStorage BrokerNotAvailable"
                    + " CoordinatorNotAvailable CoordinatorLoadInProgress NotCoordinator ConcurrentTransactions"
                    + " ThrottlingQuotaExceeded AuthorizerNotReady OffsetNotAvailable UnstableOffsetCommit"
                    + " StaleMetadata FencedLeaderEpoch UnknownLeaderEpoch ListenerNotFound"
                    + " PreferredLeaderNotAvailable EligibleLeadersNotAvailable ElectionNotNeeded NotController"
                    + " FetchSessionIdNotFound InvalidFetchSessionEpoch FetchSessionTopicId ShareSessionNotFound"
                    + " InvalidShareSessionEpoch ShareSessionLimitReached")));

    private static Set<String> names(String names) {
        return Stream.of(names.split(" ")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** All of Kafka's exceptions: a new one has to be thought about. What no one answers a loop is RETRIABLE, and bounded. */
    @Test
    @Tag("rule-C16")
    void shouldKnowEveryExceptionOfKafka() throws Exception {
        // Given
        Map<String, FailureKind> kinds = new TreeMap<>();
        for (Class<?> type : exceptions()) {
            kinds.put(type.getSimpleName().replace("Exception", ""), FailureKind.of(instance(type)));
        }

        // Then
        Map<FailureKind, Set<String>> found = new EnumMap<>(FailureKind.class);
        kinds.forEach((name, kind) ->
                found.computeIfAbsent(kind, each -> new TreeSet<>()).add(name));
        assertThat(kinds).hasSizeGreaterThan(120);
        assertThat(found.get(RECORD)).isEqualTo(EXPECTED.get(RECORD));
        assertThat(found.get(FENCED)).isEqualTo(EXPECTED.get(FENCED));
        assertThat(found.get(WORKER)).isEqualTo(EXPECTED.get(WORKER));
        assertThat(found.get(UNAVAILABLE)).isEqualTo(EXPECTED.get(UNAVAILABLE));
        assertThat(found.get(RETRIABLE))
                .contains(
                        "CorruptRecord",
                        "OutOfOrderSequence",
                        "InvalidPidMapping",
                        "UnknownProducerId",
                        "InvalidTxnState",
                        "TransactionAborted",
                        "TransactionAbortable",
                        "UnknownServer");
    }

    @Test
    @Tag("rule-C16")
    void shouldLookThroughTheWrappingsOfAFailedTransaction() {
        Exception cause = new RecordTooLargeException("large");
        assertThat(FailureKind.of(new KafkaException("we are in an error state", cause)))
                .isEqualTo(RECORD);
        assertThat(FailureKind.of(new RollBackException(
                        "cannot send", new KafkaException(new TopicAuthorizationException(Set.of("t"))))))
                .isEqualTo(WORKER);
        assertThat(FailureKind.of(new KafkaException(new TimeoutException("late"))))
                .isEqualTo(UNAVAILABLE);
        assertThat(FailureKind.of(new RollBackException("it failed"))).isEqualTo(RETRIABLE);
        assertThat(FailureKind.of(new IllegalStateException())).isEqualTo(RETRIABLE);
    }

    private static List<Class<?>> exceptions() throws Exception {
        Path jar = Path.of(ApiException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (FileSystem files = FileSystems.newFileSystem(jar);
                Stream<Path> all = Files.walk(files.getPath("/org/apache/kafka"))) {
            return all.map(Path::toString)
                    .filter(name -> name.endsWith("Exception.class")
                            && name.matches(
                                    "/org/apache/kafka/(common(/errors|/config)?|clients(/producer|/consumer)?)/[^/]*"))
                    .<Class<?>>map(name -> load(
                            name.substring(1, name.length() - ".class".length()).replace('/', '.')))
                    .filter(type ->
                            KafkaException.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With nulls and zeros where it wants arguments. */
    private static Throwable instance(Class<?> type) throws Exception {
        Exception last = null;
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            try {
                constructor.setAccessible(true);
                Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                        .map(FailureKindTest::nothing)
                        .toArray();
                return (Throwable) constructor.newInstance(arguments);
            } catch (ReflectiveOperationException e) {
                last = e;
            }
        }
        throw new IllegalStateException("cannot make a " + type, last);
    }

    private static Object nothing(Class<?> type) {
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == Set.class) {
            return Set.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == String.class) {
            return "";
        }
        return null;
    }
}
