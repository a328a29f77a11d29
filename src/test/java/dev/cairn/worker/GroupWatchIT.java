package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.settings.Settings;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.MissingInputs;

/** What the watch over the group says of a broker that comes and goes. */
class GroupWatchIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @Test
    void shouldSayOnceThatTheBrokerIsAwayAndOnceThatItAnswersAgain() {
        try (StoppableBroker broker = Brokers.own(directory.resolve("broker"));
                LogLines lines = new LogLines(GroupWatch.class)) {
            // Given
            Settings settings = settings(new TestJob(broker, directory, 1));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            GroupWatch watch = new GroupWatch(
                    settings,
                    new StartChecks(settings, broker.admin(), ANSWER_LIMIT),
                    broker.admin(),
                    List.of(),
                    new Coverage(System::nanoTime),
                    failure::set,
                    System::nanoTime);
            watch.look();
            assertThat(lines.soFar()).isEmpty();

            // When
            broker.pause();
            watch.look();
            watch.look();

            // Then
            assertThat(lines.soFar())
                    .singleElement()
                    .asString()
                    .contains("Kafka cannot be reached at kafka.bootstrap.servers=" + broker.bootstrapServers())
                    .endsWith("The worker waits for it and then continues; nothing is lost");

            // When
            broker.resume();
            await("an answer").atMost(LIMIT).until(() -> {
                watch.look();
                return lines.soFar().size() > 1;
            });
            watch.look();

            // Then
            assertThat(lines.soFar()).hasSize(2).last().isEqualTo("Kafka answers again");
            assertThat(failure.get()).isNull();
        }
    }

    @Test
    void shouldSayNothingOfKafkaWhenTheWorkerEnds() {
        // Given
        TestBroker broker = Brokers.shared();
        Settings settings = settings(new TestJob(broker, directory, 1));
        GroupWatch watch = watch(broker, settings, new Coverage(System::nanoTime), System::nanoTime);
        try (LogLines lines = new LogLines(GroupWatch.class)) {
            // When: as the executor of a worker that ends does
            Thread.currentThread().interrupt();
            try {
                watch.look();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }

            // Then
            assertThat(lines.soFar()).isEmpty();
        }
    }

    @Test
    void shouldSayOnceAMinuteThatAnInputIsGone() {
        // Given
        TestBroker broker = Brokers.shared();
        TestJob job = new TestJob(broker, directory, 1);
        String second = job.addInput();
        Settings settings = settings(job);
        AtomicLong nanos = new AtomicLong();
        Coverage coverage = new Coverage(nanos::get);
        GroupWatch watch = watch(broker, settings, coverage, nanos::get);
        watch.look();
        assertThat(coverage.missing()).isEqualTo(MissingInputs.NONE);
        job.deleteInput(second);
        try (LogLines lines = new LogLines(GroupWatch.class)) {
            // When
            await("the input is gone").atMost(LIMIT).until(() -> {
                watch.look();
                return !coverage.missing().topics().isEmpty();
            });
            watch.look();

            // Then
            assertThat(coverage.missing()).isEqualTo(new MissingInputs(Set.of(second), false));
            assertThat(lines.soFar())
                    .singleElement()
                    .asString()
                    .contains("the input " + second + " does not exist any more");

            // When
            nanos.addAndGet(Duration.ofSeconds(61).toNanos());
            watch.look();
            watch.look();

            // Then
            assertThat(lines.soFar()).hasSize(2);

            // When
            job.deleteInput(job.input());

            // Then
            await("all are gone").atMost(LIMIT).until(() -> {
                watch.look();
                return coverage.missing().all();
            });
        }
    }

    @Test
    void shouldKnowForHowLongAPartitionHasHadNoOwner() {
        // Given: a group whose only member leaves a partition out
        TestBroker broker = Brokers.shared();
        TestJob job = new TestJob(broker, directory, 2);
        Settings settings = settings(job);
        AtomicLong nanos = new AtomicLong();
        Coverage coverage = new Coverage(nanos::get);
        GroupWatch watch = watch(broker, settings, coverage, System::nanoTime);
        assertThat(coverage.uncovered()).isEmpty();
        try (KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        job.name(),
                        "partition.assignment.strategy",
                        LeavesOneOut.class.getName()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            member.subscribe(List.of(job.input()));
            await("an assignment").atMost(LIMIT).until(() -> {
                member.poll(Duration.ofMillis(100));
                return !member.assignment().isEmpty();
            });

            // When
            watch.look();
            nanos.addAndGet(Duration.ofSeconds(20).toNanos());
            watch.look();

            // Then
            assertThat(coverage.uncovered()).contains(Map.of(job.input() + "-1", Duration.ofSeconds(20)));

            // When: the group does not answer any more
            nanos.addAndGet(Duration.ofSeconds(31).toNanos());

            // Then
            assertThat(coverage.uncovered()).isEmpty();
        }
    }

    /** Gives partition 1 to no one. */
    public static final class LeavesOneOut extends RangeAssignor {

        @Override
        public Map<String, List<TopicPartition>> assignPartitions(
                Map<String, List<PartitionInfo>> partitions, Map<String, Subscription> subscriptions) {
            Map<String, List<TopicPartition>> all = super.assignPartitions(partitions, subscriptions);
            all.values().forEach(assigned -> assigned.removeIf(input -> input.partition() == 1));
            return all;
        }
    }

    private static GroupWatch watch(TestBroker broker, Settings settings, Coverage coverage, LongSupplier clock) {
        return new GroupWatch(
                settings,
                new StartChecks(settings, broker.admin(), ANSWER_LIMIT),
                broker.admin(),
                List.of(),
                coverage,
                failure -> {},
                clock);
    }

    private static Settings settings(TestJob job) {
        return EmbeddedWorker.read(job.settings("worker-1"));
    }
}
