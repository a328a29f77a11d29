package dev.cairn.fleet;

import jakarta.interceptor.Interceptor;

/** When and where the fleet's work is done. */
final class FleetThreads {

    /** Observers without a priority, among them the worker, come between these. */
    static final int BEFORE_WORKER = Interceptor.Priority.APPLICATION + 400;

    static final int AFTER_WORKER = Interceptor.Priority.APPLICATION + 600;

    private FleetThreads() {}

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
