package dev.cairn.worker.status;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a partition of a loop stands.
 *
 * <pre>
 *   assigned ─► RESTORING ──────── cannot be restored ─────► PARKED ──┐
 *               │       ▲                                    │   ▲  │ tried again, with backoff
 *               │       └──── local database damaged ───┐    │   └──┘
 *               ▼                                       │    │
 *               RUNNING ────────────────────────────────┘    │
 *               │  ▲                                         │
 *               │  └─────────────── restored ────────────────┤
 *               └───────► CLOSED ◄── revoked or lost ────────┘
 * </pre>
 */
public enum PartitionState {
    /** Its state is being restored; the input is paused. */
    RESTORING,
    /** Its records are processed. */
    RUNNING,
    /** It waits for a person; the other partitions continue. */
    PARKED,
    /** The loop has nothing to do with it any more. */
    CLOSED;

    public boolean canBecome(PartitionState next) {
        return successors().contains(next);
    }

    private Set<PartitionState> successors() {
        return switch (this) {
            case RESTORING -> EnumSet.of(RUNNING, PARKED, CLOSED);
            case RUNNING -> EnumSet.of(RESTORING, CLOSED);
            case PARKED -> EnumSet.of(RUNNING, PARKED, CLOSED);
            case CLOSED -> EnumSet.noneOf(PartitionState.class);
        };
    }
}
