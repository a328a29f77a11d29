package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** Workers that come and go. */
class RebalanceIT {

    private static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-C17")
    @Tag("rule-S6")
    void shouldKeepCoPartitionedTopicsTogetherWhileWorkersComeAndGo() {
        // Given
        TestJob job = new TestJob(broker, directory, PARTITIONS).set("kafka.session.timeout.ms", "3000");
        job.addInput();
        job.send(30, 5);
        EmbeddedWorker first = job.start("worker-1");
        EmbeddedWorker second = job.worker("worker-2");
        EmbeddedWorker third = job.worker("worker-3");
        try {
            // When: one becomes three
            second.start();
            job.send(30, 5);
            third.start();
            job.send(30, 5);
            awaitPairs(job, 3);
            job.send(30, 5);
            job.awaitCommitted();

            // When: the first one goes, and stays away
            first.close();
            job.send(30, 5);
            awaitPairs(job, 2);
            job.awaitCommitted();

            // When: it comes back while another one goes
            first = job.start("worker-1");
            job.send(30, 5);
            second.close();
            job.send(30, 5);
            awaitPairs(job, 2);
            job.awaitCommitted();
        } finally {
            first.close();
            second.close();
            third.close();
        }

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-S6")
    void shouldReadATopicThatWasAddedByARollingRestart() {
        // Given
        TestJob job = new TestJob(broker, directory, PARTITIONS);
        job.send(30, 5);
        EmbeddedWorker first = job.start("worker-1");
        EmbeddedWorker second = job.start("worker-2");
        try {
            job.awaitCommitted();
            awaitPairs(job, 2);

            // When: each comes back well within its session, so that the group sees no change
            String added = job.addInput();
            job.send(added, 30, 5);
            first.close();
            first = job.start("worker-1");
            second.close();
            second = job.start("worker-2");
            job.send(30, 5);
            job.awaitCommitted();

            // Then
            awaitPairs(job, 2);
        } finally {
            first.close();
            second.close();
        }
        job.verifyExactlyOnce();
    }

    /** Waits until so many members share all partitions, and checks that each number of all topics is with one. */
    private static void awaitPairs(TestJob job, int members) {
        await().atMost(LIMIT).untilAsserted(() -> {
            Map<String, Set<TopicPartition>> assignment = job.assignment();
            assertThat(assignment).hasSize(members);
            assertThat(assignment.values().stream().mapToInt(Set::size).sum()).isEqualTo(PARTITIONS * job.inputCount());
            assignment.forEach((member, partitions) -> {
                Map<Integer, Long> topicsOfNumber = partitions.stream()
                        .collect(Collectors.groupingBy(TopicPartition::partition, Collectors.counting()));
                assertThat(new TreeSet<>(topicsOfNumber.values())).as(member).isSubsetOf(Set.of((long)
                        job.inputCount()));
            });
        });
    }
}
