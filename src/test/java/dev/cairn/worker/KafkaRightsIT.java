package dev.cairn.worker;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.CLUSTER;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.AuthorizingBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.output.TransactionFencer;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;

/** That the rights in {@code docs/operate/security.md} are what a job needs: these suffice, and each is needed. */
class KafkaRightsIT {

    @TempDir
    static Path data;

    private static AuthorizingBroker broker;

    @TempDir
    Path directory;

    /** A row of the table, apart from the topics that workers talk to each other by. */
    enum Right {
        INPUT(TOPIC, LITERAL, READ, "-in"),
        OUTPUT(TOPIC, LITERAL, WRITE, "-out"),
        GROUP_OF_THE_JOB(GROUP, PREFIXED, READ, ""),
        TRANSACTIONS(TRANSACTIONAL_ID, PREFIXED, WRITE, ""),
        LIMITS(CLUSTER, LITERAL, DESCRIBE_CONFIGS, null);

        private final ResourceType type;
        private final PatternType pattern;
        private final AclOperation operation;
        private final String suffix;

        Right(ResourceType type, PatternType pattern, AclOperation operation, String suffix) {
            this.type = type;
            this.pattern = pattern;
            this.operation = operation;
            this.suffix = suffix;
        }

        AclBinding binding(TestJob job) {
            String name = suffix == null ? "kafka-cluster" : job.name() + suffix;
            return new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry("User:worker", "*", operation, AclPermissionType.ALLOW));
        }
    }

    @BeforeAll
    static void startBroker() {
        broker = AuthorizingBroker.start(data);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldRunRestartAndScaleWithTheRightsOfTheTable() {
        // Given
        TestJob job = job();
        try (LogLines warnings = new LogLines(StartChecks.class);
                LogLines fencing = new LogLines(TransactionFencer.class)) {
            // When
            job.send(20, 5);
            try (EmbeddedWorker worker = job.start("worker-1")) {
                worker.awaitRunning(0);
                job.awaitCommitted();
            }
            try (EmbeddedWorker worker = job.start("worker-1")) {
                worker.awaitRunning(0);
                try (EmbeddedWorker second = job.start("worker-2")) {
                    job.awaitMembers(2);
                    job.send(20, 5);
                    job.awaitCommitted();
                    assertThat(List.of(worker.state(), second.state())).containsOnly(WorkerState.RUNNING);
                }
            }

            // Then
            assertThat(warnings.soFar()).isEmpty();
            assertThat(fencing.soFar()).noneMatch(line -> line.contains("stay pending"));
        }
        job.verifyExactlyOnce();
    }

    @ParameterizedTest
    @EnumSource(
            value = Right.class,
            names = {"INPUT", "GROUP_OF_THE_JOB", "TRANSACTIONS"})
    void shouldNotRunWithoutARight(Right missing) {
        // Given
        TestJob job = job();
        Answers.of(broker.admin()
                .deleteAcls(List.of(missing.binding(job).toFilter()))
                .all());
        job.send(20, 5);

        // When
        Throwable why;
        try (EmbeddedWorker worker = job.worker("worker-1")) {
            why = failureOf(worker);
        }

        // Then
        assertThat(why).isInstanceOf(StopWorkerException.class).hasMessageContaining("Kafka refuses");
        if (missing != Right.TRANSACTIONS) {
            assertThat(why).hasMessageContaining(missing.binding(job).pattern().name());
        }
    }

    /** It only checks a limit: the worker warns, and runs. */
    @Test
    void shouldRunWithoutTheRightToReadTheBrokersLimits() {
        // Given
        TestJob job = job();
        Answers.of(broker.admin()
                .deleteAcls(List.of(Right.LIMITS.binding(job).toFilter()))
                .all());
        job.send(20, 5);

        // When
        try (LogLines warnings = new LogLines(StartChecks.class);
                EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();

            // Then
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(warnings.soFar()).anyMatch(line -> line.contains("transaction.max.timeout.ms"));
        }
        job.verifyExactlyOnce();
    }

    private static Throwable failureOf(EmbeddedWorker worker) {
        try {
            worker.start();
        } catch (StopWorkerException e) {
            return e;
        }
        return worker.awaitFailure();
    }

    /** A job whose workers have the rights of the table, and no other. */
    private TestJob job() {
        TestJob job = new TestJob(broker, directory, 2);
        Answers.of(broker.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all());
        List<AclBinding> all = List.of(Right.values()).stream()
                .map(right -> right.binding(job))
                .toList();
        Answers.of(broker.admin().createAcls(all).all());
        broker.userSettings().forEach(job::set);
        return job;
    }
}
