package dev.cairn.worker;

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
