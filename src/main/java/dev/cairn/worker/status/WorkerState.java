package dev.cairn.worker.status;

/**
 * Where a worker stands.
 *
 * <pre>
 *   CREATED ──► STARTING ──► RUNNING ──► STOPPING ──► STOPPED
 *                   │           │            │
 *                   └───────────┴────────────┴──────► FAILED
 * </pre>
 */
public enum WorkerState {
    CREATED,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    FAILED
}
