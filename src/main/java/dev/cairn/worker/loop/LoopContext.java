package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Optional;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

import dev.cairn.settings.Settings;
import dev.cairn.state.StateMemory;
import dev.cairn.worker.group.GroupMember;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.WorkerEvent;

/**
 * What the parts of one loop share. Its thread uses it; others read the status.
 *
 * @param number of the loop
 * @param environment what it shares with the worker's other loops
 * @param consumer its own
 * @param member its place in the group
 * @param outputs its producers
 * @param memory of the state of its partitions
 * @param errors what becomes of records that cannot be processed
 * @param status what others may see of it
 */
record LoopContext(
        int number,
        LoopEnvironment environment,
        Consumer<byte[], byte[]> consumer,
        GroupMember member,
        Outputs outputs,
        StateMemory memory,
        RecordErrors errors,
        LoopStatus status) {

    Settings settings() {
        return environment.settings();
    }

    /** The name of the worker. */
    String worker() {
        return settings().job().instance();
    }

    EndWatch end() {
        return environment.kafka().end();
    }

    void tell(WorkerEvent event) {
        environment.events().accept(event);
    }

    /** What to say of a refusal by Kafka: see {@link KafkaRefusals#sentence}. */
    Optional<String> sentence(Throwable error) {
        return new KafkaRefusals(settings()).sentence(error, outputs.transactionalIds());
    }

    /** What to say of any failure: see {@link KafkaRefusals#describe}. */
    String describe(Throwable failure) {
        return new KafkaRefusals(settings()).describe(failure, outputs.transactionalIds());
    }

    /** What Kafka answers to the work of the loop's producers. */
    RollBackException refused(String what, KafkaException answer) {
        return sentence(answer)
                .map(sentence -> new RollBackException(what + ": " + sentence, FailureKind.WORKER))
                .orElseGet(() -> new RollBackException(what + " as " + outputs.transactionalIds(), answer));
    }

    /** Whether the worker is to end, and Kafka has not answered for as long as it waits then. */
    boolean endsWithoutKafka(long beganNanos) {
        return end().givesUp(beganNanos) && end().isCutOff();
    }

    /** Well inside of what the group waits for: otherwise another member has the partition before it is given up. */
    Duration lastCheckpointLimit() {
        Duration half = environment.kafka().configs().maxPollInterval().dividedBy(2);
        Duration timeout = settings().checkpoints().timeout();
        return half.compareTo(timeout) < 0 ? half : timeout;
    }
}
