package dev.cairn.fleet;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

import dev.cairn.settings.KafkaSettings;
import dev.cairn.worker.Reminders;

/**
 * Looks now and then whether the topic of a channel that is followed is still the same one, and creates it again where it was
 * deleted: a consumer without its topic asks for it hundreds of times a second.
 */
final class TopicWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TopicWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(100);

    private final String channel;
    private final String topic;
    private final Admin admin;
    private final Executor executor;
    private final Runnable onNew;
    private final Consumer<Throwable> onLost;
    private final ScheduledExecutorService looking;
    private final Reminders reminders = new Reminders(System::nanoTime);
    private Optional<Uuid> known = Optional.empty();

    private TopicWatch(
            String channel, String topic, Admin admin, Executor executor, Runnable onNew, Consumer<Throwable> onLost) {
        this.channel = channel;
        this.topic = topic;
        this.admin = admin;
        this.executor = executor;
        this.onNew = onNew;
        this.onLost = onLost;
        this.looking =
                Executors.newSingleThreadScheduledExecutor(task -> FleetThreads.daemon(channel + "-watch", task));
    }

    /**
     * Begins to look.
     *
     * @param executor where the two are called
     * @param onNew what was followed is gone, and the channel leads to a new topic
     * @param onLost the topic is gone, and cannot be created
     * @return to be closed; nothing where the channel does not lead to Kafka
     */
    @SuppressWarnings("FutureReturnValueIgnored") // It ends with its executor.
    static Optional<TopicWatch> start(
            FleetTopics topics,
            String channel,
            KafkaSettings kafka,
            Executor executor,
            Runnable onNew,
            Consumer<Throwable> onLost) {
        return topics.topicOf(channel).map(topic -> {
            TopicWatch watch = new TopicWatch(channel, topic, topics.admin(channel, kafka), executor, onNew, onLost);
            watch.looking.scheduleWithFixedDelay(watch::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
            return watch;
        });
    }

    private void look() {
        try {
            Optional<TopicDescription> found = FleetTopics.describe(admin, topic);
            if (found.isEmpty()) {
                LOG.warnf("the topic %s was deleted: this worker creates it again, without what it held", topic);
                found = createAgain();
            }
            found.ifPresent(this::found);
        } catch (ExecutionException | KafkaException e) {
            if (e.getCause() instanceof AuthorizationException) {
                refused("to describe");
            }
            LOG.debugf("cannot look at the topic %s: %s", topic, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void found(TopicDescription now) {
        if (known.filter(then -> !then.equals(now.topicId())).isPresent()) {
            LOG.infof("the channel %s leads to a new topic %s", channel, topic);
            executor.execute(onNew);
        }
        known = Optional.of(now.topicId());
        Set<AclOperation> allowed = now.authorizedOperations();
        // Brokers that are not asked for it, or do not know, say nothing.
        if (allowed == null || allowed.isEmpty()) {
            return;
        }
        if (!allowed.contains(AclOperation.READ)) {
            refused("to read");
        }
        if (!allowed.contains(AclOperation.WRITE)) {
            refused("to write to");
        }
    }

    private void refused(String what) {
        if (reminders.isDue(what)) {
            LOG.warnf(
                    "Kafka refuses this worker %s the topic %s, so that the channel %s does not reach the other workers: allow"
                            + " its principal READ, WRITE and DESCRIBE on the topic",
                    what, topic, channel);
        }
    }

    private Optional<TopicDescription> createAgain() throws ExecutionException, InterruptedException {
        try {
            FleetTopics.create(admin, channel, topic);
            return FleetTopics.describe(admin, topic);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                throw e;
            }
            executor.execute(() -> onLost.accept(e.getCause()));
            close();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
        admin.close(CLOSE_LIMIT);
    }
}
