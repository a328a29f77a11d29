package dev.cairn.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.loop.ClientConfigs;
import dev.cairn.worker.loop.KafkaRefusals;
import dev.cairn.worker.status.StopWorkerException;

/** What has to be right at the broker before a worker may start: all that is wrong in one error. */
final class StartChecks {

    private static final Logger LOG = Logger.getLogger(StartChecks.class);
    static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String MAX_TRANSACTION_TIMEOUT = "transaction.max.timeout.ms";

    private final Settings settings;
    private final Admin admin;
    private final Duration limit;
    private KafkaFuture<String> clusterId;

    /** @param limit how long an answer may take */
    StartChecks(Settings settings, Admin admin, Duration limit) {
        this.settings = settings;
        this.admin = admin;
        this.limit = limit;
    }

    /** @throws StopWorkerException with every problem */
    void run() {
        List<String> problems = new ArrayList<>();
        // All questions at the same time: a start is to take as long as the slowest answer.
        KafkaFuture<ConsumerGroupDescription> group = describeGroup();
        Map<String, KafkaFuture<TopicDescription>> topics = ask(topics());
        DescribeClusterResult cluster = admin.describeCluster();
        clusterId = cluster.clusterId();
        Optional<Future<Config>> broker = settings.checkpoints().mode() == CheckpointMode.EXACTLY_ONCE
                ? Optional.of(askBroker(cluster.nodes()))
                : Optional.empty();
        checkTopics(topics, problems);
        checkGroup(group, problems);
        broker.ifPresent(answer -> checkTransactionTimeout(answer, problems));
        if (!problems.isEmpty()) {
            throw new StopWorkerException(
                    "the job " + settings.job().name() + " cannot start:\n  - " + String.join("\n  - ", problems));
        }
    }

    /** The input topics; those that do not exist are left out. */
    Map<String, InputTopic> inputs() {
        Map<String, InputTopic> inputs = new TreeMap<>();
        answers(ask(settings.job().inputTopics())).forEach((topic, description) -> {
            if (description != null) {
                inputs.put(
                        topic,
                        new InputTopic(
                                description.topicId().toString(),
                                description.partitions().size()));
            }
        });
        return inputs;
    }

    /** The id of the Kafka cluster; empty where it does not say. After {@link #run}. */
    String clusterId() {
        String id = get(clusterId);
        return id == null ? "" : id;
    }

    /** What is wrong with unequal counts, if they are. */
    static List<String> unequal(Map<String, Integer> counts) {
        return new TreeSet<>(counts.values()).size() <= 1
                ? List.of()
                : List.of("the input topics have unequal numbers of partitions, " + counts
                        + ": a key would be in different partitions of each. Give them the same number");
    }

    private Collection<String> topics() {
        TreeSet<String> topics = new TreeSet<>(settings.job().inputTopics());
        topics.addAll(settings.job().writtenTopics().keySet());
        return topics;
    }

    private void checkTopics(Map<String, KafkaFuture<TopicDescription>> topics, List<String> problems) {
        Map<String, Integer> inputs = new TreeMap<>();
        answers(topics).forEach((topic, description) -> {
            if (description == null) {
                problems.add("the topic " + topic + " does not exist: create it, or correct " + settingOf(topic));
            } else if (settings.job().inputTopics().contains(topic)) {
                inputs.put(topic, description.partitions().size());
            }
        });
        problems.addAll(unequal(inputs));
    }

    private KafkaFuture<ConsumerGroupDescription> describeGroup() {
        String name = settings.job().name();
        DescribeConsumerGroupsOptions options = new DescribeConsumerGroupsOptions().timeoutMs((int) limit.toMillis());
        return admin.describeConsumerGroups(List.of(name), options)
                .describedGroups()
                .get(name);
    }

    /** The broker would let workers join, and assign partitions to them in a way that they do not expect. */
    private void checkGroup(KafkaFuture<ConsumerGroupDescription> description, List<String> problems) {
        try {
            ConsumerGroupDescription group = get(description);
            if (group.type() == GroupType.CONSUMER && !group.members().isEmpty()) {
                problems.add(KafkaRefusals.foreignGroup(
                        settings.job().name(),
                        "group.protocol=consumer, with " + group.members().size() + " members"));
            }
        } catch (TimeoutException e) {
            throw e;
        } catch (RuntimeException e) {
            // There is no such group yet, or none that may be seen: joining it says more.
            LOG.debugf("the group %s cannot be described: %s", settings.job().name(), e.getMessage());
        }
    }

    private String settingOf(String topic) {
        String written = settings.job().writtenTopics().get(topic);
        return written == null ? settings.job().settingOfInput(topic) : written;
    }

    private Map<String, KafkaFuture<TopicDescription>> ask(Collection<String> topics) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) limit.toMillis());
        return admin.describeTopics(topics, options).topicNameValues();
    }

    /** Nothing for topics that do not exist. */
    private Map<String, TopicDescription> answers(Map<String, KafkaFuture<TopicDescription>> asked) {
        Map<String, TopicDescription> descriptions = new TreeMap<>();
        asked.forEach((topic, description) -> {
            try {
                descriptions.put(topic, get(description, "the topic " + topic + ": "));
            } catch (UnknownTopicOrPartitionException e) {
                descriptions.put(topic, null);
            }
        });
        return descriptions;
    }

    /** The settings of any broker. */
    private Future<Config> askBroker(KafkaFuture<Collection<Node>> nodes) {
        return nodes.toCompletionStage()
                .thenCompose(known -> {
                    ConfigResource broker = new ConfigResource(
                            ConfigResource.Type.BROKER, known.iterator().next().idString());
                    return admin.describeConfigs(List.of(broker))
                            .values()
                            .get(broker)
                            .toCompletionStage();
                })
                .toCompletableFuture();
    }

    private void checkTransactionTimeout(Future<Config> broker, List<String> problems) {
        long needed = ClientConfigs.transactionTimeout(settings.checkpoints()).toMillis();
        try {
            Config config = get(broker, "");
            ConfigEntry most = config.get(MAX_TRANSACTION_TIMEOUT);
            if (most != null && Long.parseLong(most.value()) < needed) {
                problems.add(KafkaRefusals.transactionTooLong(settings, MAX_TRANSACTION_TIMEOUT + "=" + most.value()));
            }
        } catch (TimeoutException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warnf("cannot check the broker's %s: %s", MAX_TRANSACTION_TIMEOUT, e.getMessage());
        }
    }

    private <T> T get(KafkaFuture<T> future) {
        return get(future, "");
    }

    /** @param what it is about, for a refusal */
    private <T> T get(Future<T> future, String what) {
        try {
            // Besides the time-outs of the calls, because describing topics by their names has parts that ignore them.
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw unreachable("no answer within " + DurationText.of(limit), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw unreachable(e.getCause().getMessage(), e.getCause());
            }
            if (e.getCause() instanceof AuthenticationException || e.getCause() instanceof AuthorizationException) {
                throw new StopWorkerException(
                        "Kafka refuses this worker: " + what + Clause.of(e.getCause())
                                + ". Correct the kafka.security.*, kafka.sasl.* and kafka.ssl.* settings, or its rights",
                        e.getCause());
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StopWorkerException("interrupted while starting", e);
        }
    }

    private StopWorkerException unreachable(String why, Throwable cause) {
        return new StopWorkerException(
                "Kafka cannot be reached at " + servers(settings) + ": " + Clause.of(why) + ". "
                        + TlsProbe.problem(settings.kafka().clientProperties())
                                .map(problem -> "The cause may be this: " + problem)
                                .orElse("Check the address, and that the broker runs"),
                cause);
    }

    /** Where Kafka is, as it is set. */
    static String servers(Settings settings) {
        return SettingNames.KAFKA_BOOTSTRAP_SERVERS + "="
                + settings.kafka().clientProperties().get("bootstrap.servers");
    }
}
