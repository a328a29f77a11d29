package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.AuthorizingBroker;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.WorkerProcess;

/** The topics of the fleet's channels go, or the right to use them, while a worker runs. */
class FleetTopicsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration WHILE = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final int MAX_LINES = 12;

    @TempDir
    Path directory;

    @Test
    void shouldCreateTheFleetsTopicsAgain() {
        // Given
        TestBroker broker = Brokers.shared();
        SmallJob job = SmallJob.create(broker, directory, "fleet-topics-gone").send(40);
        List<String> topics = topics(job);
        // Commands of this test are not signed.
        try (WorkerProcess worker =
                job.worker().set("cairn.security.peer-secret", "").start()) {
            job.awaitCaughtUp();
            worker.awaitOutput("created the topic .*-cairn-events", LIMIT);
            awaitTopics(broker, topics);
            command(broker, topics, "resume");
            worker.awaitOutput("command resume: offset-0", LIMIT);
            long mark = worker.mark();

            // When
            Answers.of(broker.admin().deleteTopics(topics).all());

            // Then
            worker.awaitOutput("the topic " + topics.get(0) + " was deleted", mark, LIMIT);
            worker.awaitOutput("the topic " + topics.get(1) + " was deleted", mark, LIMIT);
            worker.awaitOutput("cairn-commands leads to a new topic", mark, LIMIT);
            awaitTopics(broker, topics);
            job.send(20);
            job.awaitCaughtUp();
            assertThat(said(worker, mark)).hasSizeLessThan(MAX_LINES);

            // Then: what is told by the new topic is heard
            command(broker, topics, "pause");
            worker.awaitOutput("this worker is paused", mark, LIMIT);
            ends(worker);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldSayOnceThatItMayNotUseTheFleetsTopicsAnyMore() throws Exception {
        try (AuthorizingBroker broker = AuthorizingBroker.start(directory.resolve("broker"))) {
            // Given
            SmallJob job =
                    SmallJob.create(broker, directory, "fleet-rights-gone").send(40);
            try (WorkerProcess worker = job.worker().set(broker.userSettings()).start()) {
                job.awaitCaughtUp();
                worker.awaitOutput("created the topic .*-cairn-events", LIMIT);
                awaitTopics(broker, topics(job));
                long mark = worker.mark();

                // When
                for (String topic : topics(job)) {
                    broker.deny(ResourceType.TOPIC, topic, AclOperation.READ);
                    broker.deny(ResourceType.TOPIC, topic, AclOperation.WRITE);
                }
                long until = System.nanoTime() + WHILE.toNanos();
                while (System.nanoTime() < until) {
                    job.send(20);
                    job.awaitCaughtUp();
                }

                // Then
                worker.awaitOutput("Kafka refuses this worker to read the topic .*-cairn-commands", mark, LIMIT);
                worker.awaitOutput("Kafka refuses this worker to write to the topic .*-cairn-events", mark, LIMIT);
                assertThat(said(worker, mark))
                        .hasSizeLessThan(MAX_LINES)
                        .noneMatch(line -> line.contains("SRMSG"))
                        .noneMatch(String::isBlank);
                ends(worker);
            }
            job.verifyExactlyOnce();
        }
    }

    private static void command(TestBroker broker, List<String> topics, String kind) {
        Topics.send(broker, List.of(Topics.record(topics.get(0), "state", "{\"kind\":\"" + kind + "\"}")));
    }

    private static List<String> topics(SmallJob job) {
        return List.of(job.name() + "-cairn-commands", job.name() + "-cairn-events");
    }

    private static void awaitTopics(TestBroker broker, List<String> topics) {
        await("the fleet's topics")
                .atMost(LIMIT)
                .until(() -> Answers.of(broker.admin().listTopics().names()).containsAll(topics));
    }

    /** What the worker has logged since, but for its status. */
    private static List<String> said(WorkerProcess worker, long mark) {
        return worker.output().stream()
                .skip(mark)
                .filter(line -> !line.contains("records/s"))
                .toList();
    }

    private static void ends(WorkerProcess worker) {
        long began = System.nanoTime();
        worker.terminate(LIMIT);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(END_LIMIT);
    }
}
