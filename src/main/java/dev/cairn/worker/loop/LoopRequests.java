package dev.cairn.worker.loop;

import java.util.Map;
import java.util.Optional;

import dev.cairn.worker.group.InputTopic;

/** What others have asked of a loop, for its thread to do when it can. From any thread. */
final class LoopRequests {

    private final LoopMailbox mailbox = new LoopMailbox();
    private volatile Optional<Ending> ending = Optional.empty();
    private volatile boolean paused;
    private volatile boolean rebalance;
    private volatile Optional<Map<String, InputTopic>> inputs = Optional.empty();

    LoopMailbox mailbox() {
        return mailbox;
    }

    /** What was asked first counts. */
    synchronized void end(Ending how) {
        if (ending.isEmpty()) {
            ending = Optional.of(how);
        }
    }

    Optional<Ending> ending() {
        return ending;
    }

    void pause(boolean now) {
        paused = now;
    }

    boolean isPaused() {
        return paused;
    }

    void rebalance() {
        rebalance = true;
    }

    /** Whether a rebalance was asked for since the last call. On the loop's thread. */
    boolean takeRebalance() {
        boolean asked = rebalance;
        if (asked) {
            rebalance = false;
        }
        return asked;
    }

    void inputsAre(Map<String, InputTopic> now) {
        inputs = Optional.of(now);
    }

    /** The inputs, if there was news of them since the last call. On the loop's thread. */
    Optional<Map<String, InputTopic>> takeInputs() {
        Optional<Map<String, InputTopic>> news = inputs;
        if (news.isPresent()) {
            inputs = Optional.empty();
        }
        return news;
    }
}
