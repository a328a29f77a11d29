package dev.cairn.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

import dev.cairn.settings.Settings;

/**
 * Looks now and then whether the group covers all partitions of all input topics, and whether these still fit together.
 *
 * <p>A static member that comes back with one more topic gets its old assignment without a rebalance, so nobody would read
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
    private final Consumer<Throwable> fail;
    private boolean brokerIsAway;

    GroupWatch(Settings settings, StartChecks checks, Admin admin, List<Loop> loops, Consumer<Throwable> fail) {
        this.settings = settings;
        this.checks = checks;
        this.admin = admin;
        this.loops = loops;
        this.fail = fail;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    void start(ScheduledExecutorService executor) {
        executor.scheduleWithFixedDelay(this::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** Partition counts of the input topics; none while the broker is away, which is said once. */
    private Map<String, Integer> inputPartitions() {
        try {
            Map<String, Integer> counts = checks.inputPartitions();
            if (brokerIsAway) {
                brokerIsAway = false;
                LOG.info("Kafka answers again");
            }
            return counts;
        } catch (StopWorkerException e) {
            if (!brokerIsAway) {
                brokerIsAway = true;
                LOG.warnf("%s. The worker waits for it and then goes on; nothing is lost", e.getMessage());
            }
            return Map.of();
        }
    }

    /** Looks once. On one thread at a time. */
    void look() {
        try {
            Map<String, Integer> counts = inputPartitions();
            if (counts.isEmpty()) {
                return;
            }
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
            if (!uncovered.isEmpty() && group.groupState() == GroupState.STABLE) {
                LOG.infof("nobody reads %s: asking the group for a new assignment", uncovered);
                loops.forEach(Loop::rebalance);
            }
        } catch (ExecutionException | RuntimeException e) {
            LOG.debugf("cannot look at the group: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
