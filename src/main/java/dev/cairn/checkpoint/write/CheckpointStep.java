package dev.cairn.checkpoint.write;

/**
 * The steps of a checkpoint, in their order.
 *
 * <pre>
 *   FROZEN ─► SST_WRITTEN ─► UPLOADED ─► METADATA_WRITTEN ─► OFFSETS_SENT ─► COMMITTED ─► INGESTED ─► OBJECT_DELETED*
 *   └ loop ┘  └───────────── behind ─────────────────────┘  └── loop ───┘  └────────────── behind ─────────────────┘
 * </pre>
 */
public enum CheckpointStep {
    /** The changes are serialised and the producer is flushed; the next epoch has begun. */
    FROZEN,
    /** The sorted file is on the local disk. */
    SST_WRITTEN,
    /** The sorted file is in the store. */
    UPLOADED,
    /** {@code _metadata} is in the store: the checkpoint is whole, and no one knows yet. */
    METADATA_WRITTEN,
    /** Offsets and pointer are in the transaction. */
    OFFSETS_SENT,
    /** The group's pointer names it: from here on it is the truth. */
    COMMITTED,
    /** RocksDB holds it. */
    INGESTED,
    /** An object that nothing retained needs is gone. */
    OBJECT_DELETED
}
