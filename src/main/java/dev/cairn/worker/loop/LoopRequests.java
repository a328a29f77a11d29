package dev.cairn.worker.loop;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.cairn.worker.group.InputTopic;

/**
 * What others have asked of a loop, for its thread to do when it can. Written from any thread.
 *
 * @param mailbox small tasks
 * @param ending how it is to end; what was asked first counts
 * @param paused whether it is to process nothing
 * @param rebalance whether it is to ask for another assignment; its thread takes it out
 * @param inputs news of the job's inputs; its thread takes it out
 */
record LoopRequests(
        LoopMailbox mailbox,
        AtomicReference<Ending> ending,
        AtomicBoolean paused,
        AtomicBoolean rebalance,
        AtomicReference<Optional<Map<String, InputTopic>>> inputs) {

    LoopRequests() {
        this(
                new LoopMailbox(),
                new AtomicReference<>(),
                new AtomicBoolean(),
                new AtomicBoolean(),
                new AtomicReference<>(Optional.empty()));
    }
}
