package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.worker.status.RollBackException;

@SuppressWarnings("StaticAssignmentOfThrowable") // No one looks at their traces.
class KafkaRefusalsTest {

    private static final List<String> IDS = List.of("orders/cairn/worker-1-0/a", "orders/cairn/worker-1-0/b");

    private final KafkaRefusals refusals = new KafkaRefusals(EmbeddedWorker.read(Map.of(
            "cairn.job", "orders",
            "cairn.input.topics", "in",
            "cairn.output.topic", "out",
            "state.checkpoints.dir", "/checkpoints",
            "kafka.bootstrap.servers", "localhost:9092")));

    @Test
    void shouldNameTheTopicAndTheRightsAfterWhatTheLoopWasAbout() {
        assertThat(describe(new KafkaException("a failed transaction", new TopicAuthorizationException(Set.of("out")))))
                .startsWith("Kafka refuses the topic out: allow")
                .contains("WRITE");
        assertThat(describe(new RollBackException("cannot send", new TopicAuthorizationException(Set.of("out")))))
                .startsWith("cannot send: Kafka refuses the topic out: allow")
                .contains("WRITE");
    }

    @Test
    void shouldLeaveTheFullStopToTheSentenceThatGoesOn() {
        assertThat(describe(new KafkaException("Flush interrupted."))).isEqualTo("Flush interrupted");
        assertThat(describe(new RollBackException("cannot send", new KafkaException("Flush interrupted."))))
                .doesNotEndWith(".");
    }

    @Test
    void shouldNameTheGroup() {
        assertThat(describe(GroupAuthorizationException.forGroupId("orders")))
                .startsWith("Kafka refuses the consumer group orders: allow")
                .contains("READ");
    }

    @Test
    void shouldSayThatTheGroupIsFull() {
        assertThat(describe(new GroupMaxSizeReachedException("no")))
                .startsWith("the consumer group orders is full")
                .contains("group.max.size", "cairn.threads");
    }

    @Test
    void shouldNameTheTransactionalIdsAndTheirPrefix() {
        assertThat(describe(new TransactionalIdAuthorizationException("no")))
                .contains(IDS.get(0), IDS.get(1), "begin with orders/cairn/");
    }

    @Test
    void shouldSayWhatAnIdempotentProducerNeeds() {
        assertThat(describe(new ClusterAuthorizationException("no"))).contains("IDEMPOTENT_WRITE");
    }

    @Test
    void shouldNameATopicThatCannotBe() {
        assertThat(describe(new InvalidTopicException(Set.of("a b")))).startsWith("the topic a b cannot be used");
    }

    @Test
    void shouldNameTheSettingsOfCredentials() {
        assertThat(describe(new SaslAuthenticationException("wrong password")))
                .contains("wrong password", "kafka.sasl.*");
    }

    @Test
    void shouldLeaveWhatIsNoRefusalAsItIs() {
        assertThat(refusals.sentence(new TimeoutException("no answer"), IDS)).isEmpty();
        assertThat(describe(new RollBackException("cannot commit", new TimeoutException("no answer"))))
                .isEqualTo("cannot commit: no answer");
    }

    private String describe(Throwable failure) {
        return refusals.describe(failure, IDS);
    }
}
