package dev.cairn.worker.loop;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;

import dev.cairn.names.SettingNames;
import dev.cairn.state.StateSerdeException;
import dev.cairn.state.StateTooLargeException;
import dev.cairn.storage.Clause;
import dev.cairn.worker.status.RollBackException;
import dev.cairn.worker.status.StopWorkerException;

/** Decides what follows when a turn of a loop fails. */
final class TurnFailures {

    private TurnFailures() {}

    /** What a failure means: that for which the loop ends, or a {@link RollBackException} if it only has to roll back. */
    static RuntimeException meaning(RuntimeException e, LoopContext context) {
        if (e instanceof RollBackException) {
            return e;
        }
        if (e instanceof FencedInstanceIdException) {
            return new StopWorkerException(
                    "another worker has the same name '" + context.worker() + "': give each its own "
                            + SettingNames.INSTANCE,
                    e);
        }
        if (e instanceof StateTooLargeException) {
            return new StopWorkerException(
                    "with " + SettingNames.BACKEND + "=hashmap all of the state is kept on the heap, and in loop "
                            + context.number()
                            + " " + Clause.of(e)
                            + ". Set " + SettingNames.BACKEND + "=rocksdb, or give the worker a larger heap (-Xmx)."
                            + " Nothing is lost: the next start continues from the last checkpoint",
                    e);
        }
        if (e instanceof StateSerdeException) {
            return new StopWorkerException(Clause.of(e) + ". Nothing of it is kept; correct the processor's serde", e);
        }
        if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
            // It may be about to be granted.
            return new RollBackException("Kafka refuses this worker", e);
        }
        // What a callback throws comes out of poll in a wrapping.
        if (e instanceof KafkaException && e.getCause() instanceof StopWorkerException stop) {
            return stop;
        }
        return e instanceof KafkaException
                ? context.sentence(e)
                        .<RuntimeException>map(sentence -> new StopWorkerException(sentence, e))
                        .orElse(e)
                : e;
    }
}
