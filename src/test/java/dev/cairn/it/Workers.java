package dev.cairn.it;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;
import dev.cairn.testkit.worker.WorkerSettings;

/** The packaged worker with the settings that tests share. */
final class Workers {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Workers() {}

    /** A worker of the aggregate over {@code /delay}, with all its files below the directory. */
    static WorkerProcess.Builder aggregate(TestBroker broker, Path directory, String job, String input, String output) {
        return WorkerProcess.packaged()
                .set(new WorkerSettings()
                        .job(broker.bootstrapServers(), job)
                        .reads(input)
                        .writes(output)
                        .aggregates("/delay")
                        .instance("worker-1")
                        .threads(2)
                        .statusEvery("1s")
                        .checkpointsEvery("1s")
                        .below(directory)
                        .set("cairn.security.peer-secret", "a-secret-of-all-workers-of-tests")
                        .asMap());
    }

    /** Waits until the group has committed everything that is in the topic now. */
    static void awaitCaughtUp(TestBroker broker, String group, String topic) {
        await("group " + group + " has read " + topic).atMost(LIMIT).until(() -> isCaughtUp(broker, group, topic));
    }

    static boolean isCaughtUp(TestBroker broker, String group, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = Readers.committedOffsets(broker, group);
        Admin admin = broker.admin();
        int partitions = admin.describeTopics(java.util.List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
        for (int partition = 0; partition < partitions; partition++) {
            TopicPartition input = new TopicPartition(topic, partition);
            long end = admin.listOffsets(Map.of(input, OffsetSpec.latest()))
                    .partitionResult(input)
                    .get()
                    .offset();
            OffsetAndMetadata offset = committed.get(input);
            if (end > 0 && (offset == null || offset.offset() < end)) {
                return false;
            }
        }
        return true;
    }
}
