package dev.cairn.settings;

/** Where the state of a running job is read. Checkpoints do not depend on it: a job may change it between two starts. */
public enum StateBackend {
    /** On the local disk, with a cache on the heap: state may be much larger than memory. */
    ROCKSDB,
    /** All on the heap: no read touches the disk, and the state has to fit. */
    HASHMAP
}
