package dev.cairn.rest;

import java.util.Arrays;
import java.util.Collection;

import dev.cairn.worker.WorkerState;

/** Where a worker stands as it is shown, and a job: the first of these that one of its workers is in. */
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

    static ShownState ofAll(Collection<ShownState> states) {
        return Arrays.stream(values()).filter(states::contains).findFirst().orElse(STARTING);
    }
}
