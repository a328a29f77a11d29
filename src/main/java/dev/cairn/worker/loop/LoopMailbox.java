package dev.cairn.worker.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Small tasks for a loop's thread, which runs them between records. Lock-free, and next to nothing while it is empty. */
public final class LoopMailbox {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** From any thread. A loop that ends or rolls back leaves it undone: wait with a limit. */
    public void put(Runnable task) {
        tasks.add(task);
    }

    /** Runs what there is. On the loop's thread. */
    void empty() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
