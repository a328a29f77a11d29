package dev.cairn.metrics;

import static io.micrometer.core.instrument.Meter.Type.COUNTER;
import static io.micrometer.core.instrument.Meter.Type.DISTRIBUTION_SUMMARY;
import static io.micrometer.core.instrument.Meter.Type.GAUGE;
import static io.micrometer.core.instrument.Meter.Type.TIMER;

import java.util.List;
import java.util.Locale;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;

import dev.cairn.names.SettingNames;

/** Every meter of a worker's own, in the order in which documents show them. */
enum Metric {
    RECORDS(COUNTER, "cairn.records", "numRecordsIn, numRecordsInPerSecond", "Records processed.", "loop"),
    WORKER_STATE(
            GAUGE,
            "cairn.worker.state",
            "",
            "1 for the state that the worker is in, 0 for the others; `state` is `running`, `paused`, `starting`, `restoring`, `stopping`, `stopped`, `degraded`, `parked`, `stalled`, `unreachable` or `failed`.",
            "state"),
    LAST_CONTACT(
            GAUGE,
            "cairn.kafka.last.contact",
            Unit.SECONDS,
            "",
            "Time since Kafka last answered a client of the worker."),
    LAG(
            GAUGE,
            "cairn.lag",
            Unit.RECORDS,
            "pendingRecords",
            "Records behind the end of the inputs; `NaN` while that is not known."),
    PARTITION_LAG(
            GAUGE,
            "cairn.partition.lag",
            Unit.RECORDS,
            "records-lag-max",
            "Records behind the end of a topic's partition, `NaN` while that is not known; Kafka's own is `kafka_consumer_fetch_manager_records_lag_max`.",
            "partition",
            "topic"),
    PARTITIONS(
            GAUGE,
            "cairn.partitions",
            "",
            "Partitions of this worker; `state` is `running`, `restoring` or `parked`.",
            "state"),
    UNCOVERED(
            GAUGE,
            "cairn.partitions.uncovered",
            "",
            "Partitions of the inputs that no member of the group has; `NaN` while that is not known."),
    WATERMARK(
            GAUGE,
            "cairn.watermark",
            Unit.SECONDS,
            "currentInputWatermark",
            "Event time that a partition has reached, in seconds since 1970, where the processor has timers; `NaN` before the first record.",
            "partition"),
    WATERMARK_LAG(
            GAUGE,
            "cairn.watermark.lag",
            Unit.SECONDS,
            "watermarkLag",
            "How far a partition's watermark is behind the clock, where the processor has timers; `NaN` before the first record.",
            "partition"),
    TIMERS(GAUGE, "cairn.timers", "", "Timers that are set.", "partition"),
    SKIPPED(COUNTER, "cairn.records.skipped", "", "Records left out by `" + SettingNames.ERRORS + "=skip`.", "loop"),
    DEAD_LETTERS(
            COUNTER,
            "cairn.dead.letters",
            "",
            "Records put aside by `" + SettingNames.ERRORS + "=dead-letter`.",
            "loop"),
    RETRIES(
            COUNTER,
            "cairn.records.retried",
            "",
            "Times a record was tried again by `" + SettingNames.RETRY_EXCEPTIONS + "`.",
            "loop"),
    RETRYING(
            GAUGE,
            "cairn.partition.retrying",
            Unit.SECONDS,
            "",
            "Time since the record that a partition tries again failed first; 0 while there is none.",
            "partition"),
    COMMANDS_IGNORED(
            COUNTER,
            "cairn.commands.ignored",
            "",
            "Commands of the topic that were ignored because their signature does not count; `reason` is `unsigned`, `forged`, `outdated` or `repeated`.",
            "reason"),
    POLL_TIME(
            COUNTER,
            "cairn.loop.poll",
            Unit.SECONDS,
            "idleTimeMsPerSecond",
            "Time spent waiting for records and talking to the group.",
            "loop"),
    PROCESS_TIME(COUNTER, "cairn.loop.process", Unit.SECONDS, "busyTimeMsPerSecond", "Time spent processing.", "loop"),
    STALLED(
            GAUGE,
            "cairn.loop.stalled",
            "backPressuredTimeMsPerSecond",
            "1 while a loop waits for a checkpoint, because its memory is full.",
            "loop"),
    EPOCHS(COUNTER, "cairn.epochs", "", "Epochs that have ended with a checkpoint, whatever became of it.", "loop"),
    ROLL_BACKS(COUNTER, "cairn.rollbacks", "numRestarts", "Times a loop went back to its last checkpoint.", "loop"),
    NO_PROGRESS(
            GAUGE,
            "cairn.rollbacks.without.progress",
            "",
            "Roll backs since a loop last made progress; 0 while it does.",
            "loop"),
    TRANSACTIONS(
            COUNTER,
            "cairn.transactions",
            "",
            "Transactions of the output; `outcome` is `committed`, `aborted`, or `unknown`, where the group was asked.",
            "loop",
            "outcome"),
    CHECKPOINTS(
            COUNTER,
            "cairn.checkpoints",
            "numberOfCompletedCheckpoints, numberOfFailedCheckpoints",
            "Checkpoints that have ended; `outcome` is `completed` or `failed`.",
            "outcome"),
    CHECKPOINTS_IN_PROGRESS(
            GAUGE,
            "cairn.checkpoints.in.progress",
            "numberOfInProgressCheckpoints",
            "Checkpoints under way, at most one for each loop."),
    CHECKPOINT_DURATION(
            TIMER,
            "cairn.checkpoint.duration",
            "",
            "From its beginning until the databases had it, or it had failed.",
            "outcome"),
    CHECKPOINT_PHASE(
            TIMER,
            "cairn.checkpoint.phase.duration",
            "",
            "Time in a `phase` of completed ones: `freeze` (the loop is held up) and `commit` of each checkpoint; `sort`, `write`, `upload`, `ingest` of each partition.",
            "phase"),
    CHECKPOINT_SIZE(
            DISTRIBUTION_SUMMARY,
            "cairn.checkpoint.size",
            Unit.BYTES,
            "",
            "Size of completed ones: `delta` is what had changed, `full` what a restore takes.",
            "kind"),
    LAST_DURATION(
            GAUGE,
            "cairn.checkpoint.last.duration",
            Unit.SECONDS,
            "lastCheckpointDuration",
            "Duration of the last completed one."),
    LAST_SIZE(
            GAUGE,
            "cairn.checkpoint.last.size",
            Unit.BYTES,
            "lastCheckpointSize, lastCheckpointFullSize",
            "Size of the last completed one of all partitions, `delta` and `full`.",
            "kind"),
    LAST_NUMBER(
            GAUGE,
            "cairn.checkpoint.last.number",
            "lastCheckpointExternalPath",
            "Number of a partition's last committed checkpoint; `path` says where it lies.",
            "partition",
            "path"),
    RESTORES(
            TIMER,
            "cairn.restore.duration",
            "",
            "Time that the restore of a partition took; `source` is `local`, `store`, `path` or `empty`.",
            "source"),
    RESTORE_BYTES(
            COUNTER, "cairn.restore.fetched", Unit.BYTES, "", "Bytes that restores fetched from the store.", "source"),
    LAST_RESTORE(
            GAUGE,
            "cairn.restore.last.timestamp",
            Unit.SECONDS,
            "lastCheckpointRestoreTimestamp",
            "When a partition was last restored, in seconds since 1970; 0 before."),
    HEAP_ENTRIES(GAUGE, "cairn.state.heap.entries", "", "Entries of the state table, on the heap.", "partition"),
    CACHE_READS(
            COUNTER,
            "cairn.state.reads",
            "",
            "Reads of state; `result` is `hit` where the heap had the entry, `miss` where RocksDB was asked.",
            "loop",
            "result"),
    CACHE_HIT_RATIO(GAUGE, "cairn.state.cache.hit.ratio", "", "Hits among the reads since the start, from 0 to 1."),
    ROCKS_KEYS(
            GAUGE,
            "cairn.rocksdb.estimated.keys",
            "rocksdb.estimate-num-keys",
            "Keys in RocksDB, by its own estimate.",
            "partition"),
    ROCKS_LIVE(
            GAUGE,
            "cairn.rocksdb.live",
            Unit.BYTES,
            "rocksdb.live-sst-files-size",
            "Size of RocksDB's live files.",
            "partition"),
    ROCKS_FILES(GAUGE, "cairn.rocksdb.files", "rocksdb.num-files-at-level<N>", "Number of them.", "partition"),
    ROCKS_READERS(
            GAUGE,
            "cairn.rocksdb.table.readers",
            Unit.BYTES,
            "rocksdb.estimate-table-readers-mem",
            "RocksDB's memory outside of its block cache.",
            "partition"),
    ROCKS_PENDING(
            GAUGE,
            "cairn.rocksdb.compaction.pending",
            Unit.BYTES,
            "rocksdb.estimate-pending-compaction-bytes",
            "What compaction has still to rewrite, by RocksDB's estimate.",
            "partition"),
    ROCKS_COMPACTIONS(
            GAUGE,
            "cairn.rocksdb.compactions.running",
            "rocksdb.num-running-compactions",
            "Compactions under way.",
            "partition"),
    BLOCK_CACHE_USAGE(
            GAUGE,
            "cairn.rocksdb.block.cache.usage",
            Unit.BYTES,
            "rocksdb.block-cache-usage",
            "What the block cache of all databases holds."),
    BLOCK_CACHE_PINNED(
            GAUGE,
            "cairn.rocksdb.block.cache.pinned",
            Unit.BYTES,
            "rocksdb.block-cache-pinned-usage",
            "What of that is in use."),
    BLOCK_CACHE_CAPACITY(
            GAUGE,
            "cairn.rocksdb.block.cache.capacity",
            Unit.BYTES,
            "rocksdb.block-cache-capacity",
            "What it may hold."),
    STORE_REQUESTS(
            TIMER,
            "cairn.store.requests",
            "",
            "Requests to the checkpoints' store, each attempt by itself: `put`, `create`, `read`, `download`, `list`, `delete`; `result` is `ok`, `exists`, `missing` or `failed`.",
            "request",
            "result"),
    STORE_CONTACT(
            GAUGE,
            "cairn.store.last.contact",
            Unit.SECONDS,
            "",
            "Time since a request to the store last succeeded; `NaN` before the first."),
    STORE_FAILING(
            GAUGE,
            "cairn.store.failing",
            Unit.SECONDS,
            "",
            "Time since the first failure of a kind of requests that no success has followed, 0 while they succeed; `request` is `write`, `read` or `delete`.",
            "request"),
    STORE_BYTES(
            COUNTER,
            "cairn.store.transferred",
            Unit.BYTES,
            "",
            "Bytes that went to the store, or came from it.",
            "request");

    private final Meter.Type type;
    private final String id;
    private final Unit unit;
    private final String flink;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // It comes from List.of.
    private final List<String> tags;

    private enum Unit {
        RECORDS,
        SECONDS,
        BYTES
    }

    /** A number of things, or a timer. */
    Metric(Meter.Type type, String id, String flink, String description, String... tags) {
        this(type, id, null, flink, description, tags);
    }

    Metric(Meter.Type type, String id, Unit unit, String flink, String description, String... tags) {
        this.type = type;
        this.id = id;
        this.unit = unit;
        this.flink = flink;
        this.description = description;
        this.tags = List.of(tags);
    }

    Meter.Type type() {
        return type;
    }

    /** Its name as Micrometer has it. */
    String id() {
        return id;
    }

    /** Its base unit; {@code null} for a number of things. Timers know theirs. */
    String unit() {
        return unit == null ? null : unit.name().toLowerCase(Locale.ROOT);
    }

    /** What Flink calls it, or what is nearest to it; empty where there is nothing. */
    String flink() {
        return flink;
    }

    String description() {
        return description;
    }

    /** The names of its tags. */
    List<String> tags() {
        return tags;
    }

    /** Its tags with these values, in their order. */
    Tags tagged(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(this + " has the tags " + tags);
        }
        Tags tagged = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tagged = tagged.and(tags.get(i), values[i]);
        }
        return tagged;
    }
}
