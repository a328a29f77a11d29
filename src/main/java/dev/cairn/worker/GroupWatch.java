package dev.cairn.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.settings.Settings;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.status.Few;
import dev.cairn.worker.status.MissingInputs;
import dev.cairn.worker.status.StopWorkerException;

/**
 * Looks now and then whether the group covers all partitions of all input topics, whether these still fit together, and
 * whether they are still the topics that the loops have started with.
 *
 * <p>A static member that comes back with one more topic gets its old assignment without a rebalance, so no one would read
 * the new one.
 */
final class GroupWatch {

    private static final Logger LOG = Logger.getLogger(GroupWatch.class);
    private static final long PERIOD_SECONDS = 5;
    private static final int LIMIT_MILLIS = 15_000;

    private final Settings settings;
    private final StartChecks checks;
    private final Admin admin;
    private final List<Loop> loops;
    private final Coverage coverage;
    private final Consumer<Throwable> fail;
    private boolean brokerIsAway;
    private final Reminders saying;

    GroupWatch(
            Settings settings,
            StartChecks checks,
            Admin admin,
            List<Loop> loops,
            Coverage coverage,
            Consumer<Throwable> fail,
            LongSupplier nanoTime) {
        this.saying = new Reminders(nanoTime);
        this.settings = settings;
        this.checks = checks;
        this.admin = admin;
        this.loops = loops;
        this.coverage = coverage;
        this.fail = fail;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** The input topics; nothing while the broker is away, which is said once. */
    private Optional<Map<String, InputTopic>> inputs() {
        try {
            Map<String, InputTopic> inputs = checks.inputs();
            if (brokerIsAway) {
                brokerIsAway = false;
                LOG.info("Kafka answers again");
            }
            return Optional.of(inputs);
        } catch (StopWorkerException e) {
            // A worker that ends interrupts its watches, which says nothing of Kafka.
            if (!brokerIsAway && !Thread.currentThread().isInterrupted()) {
                brokerIsAway = true;
                LOG.warnf("%s. The worker waits for it and then continues; nothing is lost", e.getMessage());
            }
            return Optional.empty();
        }
    }

    /** Without a topic the group assigns none of its partitions, so that no partition could say it. */
    private void missing(Set<String> found) {
        Set<String> topics = new TreeSet<>(settings.job().inputTopics());
        topics.removeAll(found);
        MissingInputs missing = new MissingInputs(topics, !topics.isEmpty() && found.isEmpty());
        coverage.missing(missing);
        topics.forEach(topic -> {
            if (saying.isDue(topic)) {
                LOG.error(missing.text(topic));
            }
        });
        saying.keep(topics);
    }

    /** Looks once. On one thread at a time. */
    void look() {
        try {
            Optional<Map<String, InputTopic>> inputs = inputs();
            if (inputs.isEmpty()) {
                return;
            }
            missing(inputs.get().keySet());
            loops.forEach(loop -> loop.inputsAre(inputs.get()));
            Map<String, Integer> counts = new TreeMap<>();
            inputs.get().forEach((topic, input) -> counts.put(topic, input.partitionCount()));
            List<String> unequal = StartChecks.unequal(counts);
            if (!unequal.isEmpty()) {
                fail.accept(new StopWorkerException(unequal.get(0)));
                return;
            }
            Set<TopicPartition> uncovered = new HashSet<>();
            counts.forEach((topic, count) -> {
                for (int partition = 0; partition < count; partition++) {
                    uncovered.add(new TopicPartition(topic, partition));
                }
            });
            ConsumerGroupDescription group = admin.describeConsumerGroups(
                            List.of(settings.job().name()), new DescribeConsumerGroupsOptions().timeoutMs(LIMIT_MILLIS))
                    .describedGroups()
                    .get(settings.job().name())
                    .get();
            group.members()
                    .forEach(member -> uncovered.removeAll(member.assignment().topicPartitions()));
            if (group.groupState() == GroupState.STABLE || group.groupState() == GroupState.EMPTY) {
                coverage.uncovered(uncovered);
            }
            if (!uncovered.isEmpty() && group.groupState() == GroupState.STABLE) {
                LOG.infof(
                        "no worker reads %s: asking the group for a new assignment",
                        Few.of(uncovered.stream().map(String::valueOf).sorted().toList()));
                loops.forEach(Loop::rebalance);
            }
        } catch (ExecutionException | RuntimeException e) {
            LOG.debugf("cannot look at the group: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
