package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.settings.Settings;
import dev.cairn.testkit.SelfSigned;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;

/** What Kafka refuses: each ends in a sentence that names the thing and the way out. */
class KafkaRefusalsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"classic", "consumer"})
    void shouldNameAGroupOfAnotherKindOfConsumer(String protocol) {
        // Given
        TestBroker broker = Brokers.shared();
        TestJob job = new TestJob(broker, directory, 1);
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "group.id", job.name(), "group.protocol", protocol));
        try (Consumer<byte[], byte[]> stranger =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            stranger.subscribe(List.of(job.input()));
            await().atMost(LIMIT).until(() -> {
                stranger.poll(Duration.ofMillis(100));
                return !stranger.assignment().isEmpty();
            });

            // When
            try (EmbeddedWorker worker = job.worker("worker-1")) {
                Throwable atStart = catchThrowable(worker::start);

                // Then
                assertThat(atStart == null ? worker.awaitFailure() : atStart)
                        .isInstanceOf(StopWorkerException.class)
                        .hasMessageContaining(
                                "the consumer group " + job.name() + " is used by another kind of consumer")
                        .hasMessageContaining("cairn.job");
            }
        }
    }

    /** Longer than a broker allows by default. */
    @Test
    void shouldNameASessionTimeoutThatTheBrokerRefuses() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 1).set("kafka.session.timeout.ms", "3600000");

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("kafka.session.timeout.ms=3600000")
                    .hasMessageContaining("group.max.session.timeout.ms");
        }
    }

    @Test
    void shouldNameTransactionalIdsAndTimeoutsThatTheBrokerRefuses() {
        try (TestBroker broker = Brokers.own(
                directory.resolve("broker"),
                Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true"))) {
            shouldNameTransactionalId(broker);
            shouldNameTransactionTimeout(broker);
        }
    }

    private void shouldNameTransactionalId(TestBroker broker) {
        // Given
        TestJob job = new TestJob(broker, directory.resolve("id"), 1);
        deny(
                broker,
                new ResourcePattern(ResourceType.TRANSACTIONAL_ID, job.name() + "/cairn/", PatternType.PREFIXED),
                AclOperation.WRITE);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("refuses the transactional id")
                    .hasMessageContaining(job.transactionalIds("worker-1").get(0))
                    .hasMessageContaining("begin with " + job.name() + "/cairn/");
        }
    }

    private void shouldNameTransactionTimeout(TestBroker broker) {
        // Given: a worker that may not see the broker's settings
        TestJob job = new TestJob(broker, directory.resolve("timeout"), 1).set("execution.checkpointing.timeout", "1h");
        deny(
                broker,
                new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL),
                AclOperation.DESCRIBE_CONFIGS);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {

            // Then
            assertThat(worker.awaitFailure())
                    .isInstanceOf(StopWorkerException.class)
                    .hasMessageContaining("execution.checkpointing.interval=200ms")
                    .hasMessageContaining("execution.checkpointing.timeout=1h")
                    .hasMessageContaining("transaction.max.timeout.ms");
        }
    }

    @Test
    void shouldSayThatThePortSpeaksTls() throws Exception {
        // Given
        SelfSigned certificate = SelfSigned.create(directory);
        try (ServerSocket port = certificate.context().getServerSocketFactory().createServerSocket(0)) {
            Thread server = new Thread(() -> shakeHands(port), "tls-port");
            server.setDaemon(true);
            server.start();

            // When, Then
            check(Map.of("kafka.bootstrap.servers", "localhost:" + port.getLocalPort()))
                    .hasMessageContaining("speaks TLS, but kafka.security.protocol=PLAINTEXT does not")
                    .hasMessageContaining("set SSL or SASL_SSL");
        }
    }

    @Test
    void shouldSayThatThePortDoesNotSpeakTls() {
        check(Map.of("kafka.security.protocol", "SSL"))
                .hasMessageContaining("does not seem to speak TLS, but kafka.security.protocol=SSL does")
                .hasMessageContaining("set PLAINTEXT or SASL_PLAINTEXT");
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> check(Map<String, String> kafka) {
        TestJob job = new TestJob(Brokers.shared(), directory, 1);
        kafka.forEach(job::set);
        Settings settings = EmbeddedWorker.read(job.settings("worker-1"));
        try (Admin admin = Admin.create(new HashMap<>(settings.kafka().admin()))) {
            return assertThatThrownBy(() -> new StartChecks(settings, admin, Duration.ofSeconds(3)).run())
                    .isInstanceOf(StopWorkerException.class);
        }
    }

    private static void shakeHands(ServerSocket port) {
        while (!port.isClosed()) {
            try (SSLSocket socket = (SSLSocket) port.accept()) {
                socket.startHandshake();
            } catch (IOException e) {
                // A client that does not speak TLS, or the end.
            }
        }
    }

    private static void deny(TestBroker broker, ResourcePattern resource, AclOperation operation) {
        try {
            broker.admin()
                    .createAcls(List.of(new AclBinding(
                            resource,
                            new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY))))
                    .all()
                    .get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("cannot create an ACL", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
