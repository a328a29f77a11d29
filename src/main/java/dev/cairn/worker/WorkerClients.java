package dev.cairn.worker;

import java.time.Duration;
import java.util.Collection;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopics;
import dev.cairn.worker.loop.ClientConfigs;
import dev.cairn.worker.loop.LoopEnvironment;
import dev.cairn.worker.output.KafkaClients;
import dev.cairn.worker.output.OutputTopics;
import dev.cairn.worker.output.OutputWatch;
import dev.cairn.worker.output.TransactionFencer;
import dev.cairn.worker.start.FactsReader;
import dev.cairn.worker.status.StopWorkerException;

/**
 * What the loops of a worker share to talk to Kafka. All that can be checked there is checked.
 *
 * @param configs what clients are configured with
 * @param admin for questions about the cluster
 * @param checks what was checked
 * @param fencer ends transactions that were left behind
 * @param topics what the inputs are
 * @param group what the group has committed
 * @param outputs waits for producers
 */
record WorkerClients(
        ClientConfigs configs,
        Admin admin,
        StartChecks checks,
        TransactionFencer fencer,
        InputTopics topics,
        GroupOffsets group,
        OutputWatch outputs) {

    /** A call that is still waiting for a broker must not hold up the end. */
    private static final Duration ADMIN_CLOSE_LIMIT = Duration.ofMillis(500);

    /** @throws StopWorkerException when the worker cannot start, with every reason */
    static WorkerClients open(Settings settings, WorkerSurroundings around, ClientConfigs configs) {
        OpenResources resources = around.resources();
        Admin admin = admin(settings, around.clients(), configs);
        resources.add(() -> admin.close(ADMIN_CLOSE_LIMIT));
        around.contact().broker().of(admin.metrics());
        StartChecks checks = new StartChecks(settings, admin, StartChecks.LIMIT);
        TransactionFencer fencer = new TransactionFencer(admin, settings.job().name());
        KafkaFuture<Collection<TransactionListing>> pending = fencer.askPending();
        String kafka = "Kafka at " + StartChecks.servers(settings);
        StartWait.Asked<OutputTopics> asked = StartWait.ask(kafka, () -> OutputTopics.of(settings.job(), admin));
        resources.add(asked::giveUp);
        StartWait.on(kafka, checks::run);
        fencer.fenceOwnLoopsFrom(settings.job().threads(), settings.job().instance(), pending);
        OutputTopics outputs = asked.answer();
        configs.limitBatches(outputs.batchLimit());
        return new WorkerClients(
                configs,
                admin,
                checks,
                fencer,
                new InputTopics(admin, settings.job().inputTopics()),
                resources.add(new GroupOffsets(configs.reader())),
                new OutputWatch(outputs, configs::limitBatches, resources.threads("cairn-flush"), around.end()));
    }

    private static Admin admin(Settings settings, KafkaClients clients, ClientConfigs configs) {
        try {
            return clients.admin(configs.admin());
        } catch (KafkaException e) {
            // What is wrong is said by the innermost cause: a host name, a key store, a login module.
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new StopWorkerException(
                    "Kafka's client cannot be opened for " + StartChecks.servers(settings) + ": " + Clause.of(cause)
                            + ". Correct the address, or the other kafka.* settings",
                    e);
        }
    }

    /** What a loop needs of them. */
    LoopEnvironment.Kafka ofLoops(WorkerSurroundings around) {
        return new LoopEnvironment.Kafka(
                around.clients(), configs, outputs, around.directory(), group, topics, around.end());
    }

    /** Reads what partitions start by. */
    FactsReader facts(Checkpointing checkpointing) {
        return new FactsReader(checkpointing, group, topics, fencer);
    }
}
