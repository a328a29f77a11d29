package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.AuthorizingBroker;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** What a worker leaves behind when it does not start, what it says when it is ended while it does, and what it needs. */
class StartAndEndIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int SIGTERM = 128 + 15;

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldLeaveNoTopicBehindWhenItCannotStart() {
        // Given
        SmallJob job = new SmallJob(broker, directory, "aborted-start");

        // When: it has no input
        try (WorkerProcess worker = job.worker().start()) {
            assertThat(Errors.endOf(worker)).contains("aborted-start-in does not exist");
        }

        // Then
        assertThat(Answers.of(broker.admin().listTopics().names()))
                .noneMatch(topic -> topic.startsWith("aborted-start"));
    }

    /** From its first line to the moment at which it runs. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    line      | .*
                    memory    | .*job ended-early-memory: memory: .*
                    threads   | .*job ended-early-threads: threads .*
                    partition | .*partition 0 .*
                    """)
    void shouldWarnOfNothingWhenItIsEndedEarly(String moment, String line) {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "ended-early-" + moment);

        // When
        try (WorkerProcess worker = job.worker().start()) {
            worker.awaitOutput(line, LIMIT);
            int code = worker.terminate(LIMIT);

            // Then
            assertThat(code).isEqualTo(SIGTERM);
            Errors.none(worker);
        }
    }

    @Test
    void shouldWarnOfAVariableThatIsNearlyASetting() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "nearly-set").send(10);

        // When
        try (WorkerProcess worker =
                job.worker().set("CAIRN_CHECKPOINT_INTERVAL", "1s").start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);

            // Then
            assertThat(Errors.warnings(worker))
                    .singleElement()
                    .asString()
                    .contains("CAIRN_CHECKPOINT_INTERVAL is not a setting", "EXECUTION_CHECKPOINTING_INTERVAL");
        }
    }

    /** The table in {@code docs/operate/security.md}, the topics included by which workers talk to each other. */
    @Test
    void shouldNeedNoMoreRightsThanTheTableHas() {
        try (AuthorizingBroker secured = AuthorizingBroker.start(directory.resolve("broker"))) {
            // Given
            SmallJob job = SmallJob.create(secured, directory, "few-rights").send(20);
            Answers.of(secured.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all());
            Answers.of(secured.admin()
                    .createAcls(List.of(
                            allow(ResourceType.TOPIC, PatternType.LITERAL, job.input(), AclOperation.READ),
                            allow(ResourceType.TOPIC, PatternType.LITERAL, job.output(), AclOperation.WRITE),
                            allow(ResourceType.GROUP, PatternType.PREFIXED, job.name(), AclOperation.READ),
                            allow(ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, job.name(), AclOperation.WRITE),
                            allow(
                                    ResourceType.TOPIC,
                                    PatternType.PREFIXED,
                                    job.name() + "-cairn-",
                                    AclOperation.CREATE),
                            allow(ResourceType.TOPIC, PatternType.PREFIXED, job.name() + "-cairn-", AclOperation.READ),
                            allow(ResourceType.TOPIC, PatternType.PREFIXED, job.name() + "-cairn-", AclOperation.WRITE),
                            allow(
                                    ResourceType.CLUSTER,
                                    PatternType.LITERAL,
                                    "kafka-cluster",
                                    AclOperation.DESCRIBE_CONFIGS)))
                    .all());

            // When
            try (WorkerProcess worker = job.worker().set(secured.userSettings()).start()) {
                job.awaitCaughtUp();
                worker.awaitOutput(".*created the topic few-rights-cairn-commands.*", LIMIT);
                worker.awaitOutput(".*created the topic few-rights-cairn-events.*", LIMIT);
                worker.terminate(LIMIT);

                // Then
                Errors.none(worker);
            }
            job.verifyExactlyOnce();
        }
    }

    private static AclBinding allow(ResourceType type, PatternType pattern, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:worker", "*", operation, AclPermissionType.ALLOW));
    }
}
