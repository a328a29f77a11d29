package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.group.InputTopics;

/**
 * Makes sure that a checkpoint is only committed of the topics that its partitions were started with.
 *
 * <p>The consumer does not report it: when a topic is created again, it continues at the old position in the new topic. The
 * guard asks after the freeze. An answer with the ids of before proves that all records before the freeze came from these
 * topics, because ids are never used again. A broker that does not answer proves nothing, and is asked again. On the loop's
 * thread; never waits.
 */
final class InputGuard {

    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final InputTopics topics;
    private CompletableFuture<Map<String, InputTopic>> answer;
    private long askedNanos;
    private String trouble = "Kafka has not answered";

    InputGuard(InputTopics topics) {
        this.topics = topics;
    }

    /** A checkpoint was frozen: asks what the inputs are now. */
    void ask() {
        askedNanos = System.nanoTime();
        answer = topics.ask();
    }

    /**
     * Whether the checkpoint may be committed; not yet, while there is no answer.
     *
     * @param partitions of the checkpoint
     * @throws InputsChangedException when it must not be
     */
    boolean allows(Collection<RunningPartition> partitions) {
        if (!answer.isDone()) {
            return false;
        }
        Map<String, InputTopic> now;
        try {
            now = answer.join();
        } catch (CompletionException e) {
            trouble = e.getCause().getMessage();
            if (System.nanoTime() - askedNanos > RETRY_DELAY.toNanos()) {
                ask();
            }
            return false;
        }
        InputsChangedException.of(partitions, now).ifPresent(changed -> {
            throw changed;
        });
        return true;
    }

    /** Why there is no answer, as far as it is known. */
    String trouble() {
        return trouble;
    }
}
