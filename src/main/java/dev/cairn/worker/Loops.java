package dev.cairn.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.cairn.state.CacheFigures;
import dev.cairn.worker.loop.Ending;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.HotKeys;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.WorkerFigures;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;

/** The loops of a worker, and their threads. Thread-safe. */
final class Loops {

    private final List<Loop> all = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean paused;
    private boolean held;

    /** All of them, as they are added. */
    List<Loop> all() {
        return all;
    }

    /** @param onFailure is told why it has failed, on its thread */
    synchronized void add(Loop loop, Consumer<Throwable> onFailure) {
        loop.pause(paused || held);
        all.add(loop);
        threads.add(new Thread(
                () -> {
                    loop.run();
                    if (loop.state() == Loop.State.FAILED) {
                        onFailure.accept(loop.failure());
                    }
                },
                "cairn-loop-" + loop.number()));
    }

    synchronized void start() {
        threads.forEach(Thread::start);
    }

    /** Lets all of them end, and waits so long for it. */
    void end(Ending how, Duration limit) {
        List<Thread> running;
        synchronized (this) {
            running = List.copyOf(threads);
        }
        all.forEach(loop -> loop.end(how));
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (Thread thread : running) {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets them wait. @return whether they were not paused */
    synchronized boolean pause() {
        boolean changed = !paused;
        paused = true;
        tell();
        return changed;
    }

    /** Lets them continue, unless they are held. @return whether they were paused */
    synchronized boolean resume() {
        boolean changed = paused;
        paused = false;
        tell();
        return changed;
    }

    /** Lets them wait, apart from whether they are paused. */
    synchronized void hold(boolean now) {
        held = now;
        tell();
    }

    synchronized boolean isPaused() {
        return paused;
    }

    private void tell() {
        all.forEach(loop -> loop.pause(paused || held));
    }

    /** As {@link Worker#checkpoint}. */
    CompletableFuture<List<CheckpointReport>> checkpoint() {
        List<CompletableFuture<Optional<CheckpointReport>>> answers =
                all.stream().map(Loop::checkpoint).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream()
                        .flatMap(answer -> answer.join().stream())
                        .toList());
    }

    /** As {@link Worker#hotKeys}. */
    HotKeys hotKeys() {
        return HotKeys.of(all.stream().map(loop -> loop.status().hotKeys()).toList());
    }

    /** What they are doing, as of now. */
    List<LoopInfo> infos() {
        return all.stream()
                .map(loop -> loop.status().info(loop.number(), loop.state(), loop.hasJoined()))
                .toList();
    }

    /** Where their partitions stand, as of now. */
    List<PartitionInfo> partitions() {
        return all.stream()
                .flatMap(loop -> loop.status().partitions(loop.number()))
                .toList();
    }

    WorkerFigures figures(CacheFigures cache) {
        return new WorkerFigures(
                all.stream()
                        .flatMap(loop -> loop.status().tasks().stream())
                        .flatMap(task -> task.figures().stream())
                        .toList(),
                cache);
    }
}
