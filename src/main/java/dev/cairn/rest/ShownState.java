package dev.cairn.rest;

import dev.cairn.worker.status.WorkerState;

/** Where a worker stands in its life, as it is shown. */
enum ShownState {
    RUNNING,
    PAUSED,
    STARTING,
    STOPPING,
    FAILED;

    static ShownState of(WorkerState state, boolean paused) {
        return switch (state) {
            case CREATED, STARTING -> STARTING;
            case RUNNING -> paused ? PAUSED : RUNNING;
            case STOPPING, STOPPED -> STOPPING;
            case FAILED -> FAILED;
        };
    }
}
