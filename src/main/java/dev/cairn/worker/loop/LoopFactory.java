package dev.cairn.worker.loop;

import java.util.Map;

import org.apache.kafka.clients.consumer.KafkaConsumer;

import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.Settings;
import dev.cairn.state.StateMemory;
import dev.cairn.worker.group.GroupMember;
import dev.cairn.worker.group.Membership;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.PlainOutputs;
import dev.cairn.worker.output.TransactionalOutputs;
import dev.cairn.worker.output.TransactionalProducer;
import dev.cairn.worker.record.RecordErrors;

/** Puts loops together: each with a consumer, producers and memory of its own, over what all loops of a worker share. */
public final class LoopFactory {

    private final LoopEnvironment environment;
    private final Settings settings;
    private final LoopEnvironment.Kafka kafka;

    public LoopFactory(LoopEnvironment environment) {
        this.environment = environment;
        this.settings = environment.settings();
        this.kafka = environment.kafka();
    }

    /** A loop that has not been started. */
    public Loop create(int number) {
        Map<String, Object> config = kafka.configs().consumer(number);
        GroupMember member = new GroupMember(
                kafka.configs().memberId(number),
                kafka.directory(),
                new Membership(kafka.configs().sessionTimeout(), kafka.configs().maxPollInterval()));
        config.put(GroupMember.CONFIG, member);
        KafkaConsumer<byte[], byte[]> consumer = kafka.clients().consumer(config);
        member.of(consumer);
        LoopStatus status = new LoopStatus();
        status.broker().of(consumer.metrics());
        Outputs outputs = outputs(number, status);
        return new Loop(new LoopContext(
                number,
                environment,
                consumer,
                member,
                outputs,
                stateMemory(),
                new RecordErrors(settings.job(), outputs, status),
                status));
    }

    private StateMemory stateMemory() {
        MemoryBudget memory = environment.memory();
        return switch (settings.local().backend()) {
            case ROCKSDB -> StateMemory.caching(memory.changesBytes(), memory.tablesBytes());
            case HASHMAP -> StateMemory.holdingAll(memory.changesBytes(), memory.tablesBytes());
        };
    }

    private Outputs outputs(int number, LoopStatus status) {
        boolean hasOutput = !settings.job().writtenTopics().isEmpty();
        if (!hasOutput || settings.checkpoints().mode() == CheckpointMode.AT_LEAST_ONCE) {
            return new PlainOutputs(kafka.configs()::producer, kafka.clients(), kafka.watch());
        }
        return new TransactionalOutputs(producer(number, 'a', status), producer(number, 'b', status));
    }

    private TransactionalProducer producer(int number, char turn, LoopStatus status) {
        String id = kafka.configs().transactionalId(number, turn).toString();
        return new TransactionalProducer(
                id,
                () -> kafka.configs().transactionalProducer(id),
                kafka.clients(),
                kafka.watch(),
                status.transactions());
    }
}
