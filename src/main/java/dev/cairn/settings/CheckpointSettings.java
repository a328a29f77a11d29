package dev.cairn.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/** When and where checkpoints are taken. Immutable. */
public final class CheckpointSettings {

    static final SettingGroup GROUP = new SettingGroup(SettingRules::checkCheckpoints);

    private final SettingValues values;

    CheckpointSettings(SettingValues values) {
        this.values = values;
    }

    /** Reads each where it is asked for, and then throws {@link SettingsException} if it cannot be used. */
    public static CheckpointSettings of(Config config) {
        return new CheckpointSettings(new SettingValues(config));
    }

    static final Setting<String> CHECKPOINTS_DIR = GROUP.add(
            SettingNames.CHECKPOINTS_DIR,
            "execution.checkpointing.dir",
            Fallback.of("required (`" + Machine.DEVELOPMENT_CHECKPOINTS + "` in development)", Machine::checkpoints),
            "Directory of the checkpoints, as `s3://bucket/prefix`, `file:/path` or a plain path; all workers of a job need the same.",
            Parsers.storageDirectory());

    /** A {@code file:} URI or a plain path, below which each job has its directory. */
    public String dir() {
        return values.get(CHECKPOINTS_DIR);
    }

    /** The same, or nothing where it is not set. */
    public Optional<String> dirIfSet() {
        return values.isSet(CHECKPOINTS_DIR) ? Optional.of(dir()) : Optional.empty();
    }

    static final Setting<Integer> NUM_RETAINED = GROUP.add(
            SettingNames.NUM_RETAINED,
            "execution.checkpointing.num-retained",
            Fallback.of("1"),
            "Committed checkpoints kept per partition.",
            Parsers.integerFrom(1));

    /** Committed checkpoints kept per partition, at least 1. */
    public int retained() {
        return values.get(NUM_RETAINED);
    }

    static final Setting<Retention> RETENTION = GROUP.add(
            SettingNames.RETENTION,
            Fallback.of("RETAIN_ON_CANCELLATION"),
            "What stays when the job is cancelled: `RETAIN_ON_CANCELLATION` keeps its checkpoints,"
                    + " `DELETE_ON_CANCELLATION` deletes them, `NO_EXTERNALIZED_CHECKPOINTS` does so after a stop with a"
                    + " savepoint, too.",
            Parsers.oneOf(Retention.class));

    /** What stays when the job is cancelled. */
    public Retention retention() {
        return values.get(RETENTION);
    }

    static final Setting<Optional<String>> SAVEPOINTS_DIR = GROUP.add(
            SettingNames.SAVEPOINTS_DIR,
            "execution.checkpointing.savepoint-dir",
            Fallback.none(),
            "Directory for savepoints that are given no other, as `s3://bucket/prefix`, `file:/path` or a plain path.",
            Parsers.optional(Parsers.storageDirectory()));

    /** Where savepoints go that are given no other place. */
    public Optional<String> savepointsDir() {
        return values.get(SAVEPOINTS_DIR);
    }

    static final Setting<List<String>> ALLOWED_SAVEPOINT_DIRS = GROUP.add(
            SettingNames.ALLOWED_SAVEPOINT_DIRS,
            Fallback.none(),
            "Directories, several separated by commas, in and below which a caller of REST or a command of the topic may have"
                    + " savepoints made, besides `" + SettingNames.SAVEPOINTS_DIR + "`.",
            Parsers.storageDirectories());

    /** Where else callers of a worker may have them made. */
    public List<String> allowedSavepointDirs() {
        return values.get(ALLOWED_SAVEPOINT_DIRS);
    }

    static final Setting<Boolean> ASYNC = GROUP.add(
            "state.backend.async",
            Fallback.of("true"),
            "Whether records are processed while a checkpoint is written (`true`) or wait until it is in the store"
                    + " (`false`).",
            Parsers.bool());

    /** Whether records are processed while a checkpoint is written. */
    public boolean async() {
        return values.get(ASYNC);
    }

    static final Setting<Boolean> INCREMENTAL = GROUP.add(
            "state.backend.incremental",
            "execution.checkpointing.incremental",
            Fallback.of("true"),
            "Whether a checkpoint writes only what changed (`true`) or all of the state (`false`).",
            Parsers.bool());

    /** Whether checkpoints share files ({@code true}) or each carries all of its own. */
    public boolean incremental() {
        return values.get(INCREMENTAL);
    }

    static final Setting<MemorySize> INLINE_THRESHOLD = GROUP.add(
            SettingNames.INLINE_THRESHOLD,
            "execution.checkpointing.data-inline-threshold",
            Fallback.of("20kb"),
            "Changes smaller than this are kept inside a checkpoint's `_metadata`, not in a file of their own; at most"
                    + " `1mb`.",
            Parsers.sizeTo(new MemorySize(1024 * 1024)));

    /** Deltas smaller than this are kept inside the checkpoint's metadata; at most 1 MB. */
    public MemorySize inlineThreshold() {
        return values.get(INLINE_THRESHOLD);
    }

    static final Setting<MemorySize> WRITE_BUFFER_SIZE = GROUP.add(
            "state.backend.fs.write-buffer-size",
            "execution.checkpointing.write-buffer-size",
            Fallback.of("4096"),
            "Buffer for writing a file to the store; at least `" + SettingNames.INLINE_THRESHOLD
                    + "` is used, at most `16mb`.",
            Parsers.sizeTo(new MemorySize(16 * 1024 * 1024)));

    /** Buffer for writing a file to the store; at least {@link #inlineThreshold} is used. */
    public MemorySize writeBuffer() {
        return values.get(WRITE_BUFFER_SIZE);
    }

    static final Setting<Duration> INTERVAL = GROUP.add(
            SettingNames.INTERVAL,
            Fallback.of("10s"),
            "Time from the start of a checkpoint to the start of the next, at least `10ms`.",
            Parsers.durationFrom(Duration.ofMillis(10)));

    /** Time from the start of a checkpoint to the start of the next, at least 10 ms. */
    public Duration interval() {
        return values.get(INTERVAL);
    }

    static final Setting<CheckpointMode> MODE = GROUP.add(
            "execution.checkpointing.mode",
            Fallback.of("EXACTLY_ONCE"),
            "`EXACTLY_ONCE`, or `AT_LEAST_ONCE`: after a failure results may then appear twice.",
            Parsers.oneOf(CheckpointMode.class));

    /** The guarantee. */
    public CheckpointMode mode() {
        return values.get(MODE);
    }

    static final Setting<Duration> TIMEOUT = GROUP.add(
            SettingNames.TIMEOUT,
            Fallback.of("5min"),
            "How long a checkpoint may take before it has failed.",
            Parsers.durationFrom(Duration.ofMillis(1)));

    /** How long a checkpoint may take before it has failed, at least 1 ms. */
    public Duration timeout() {
        return values.get(TIMEOUT);
    }

    /**
     * Least time from the end of a checkpoint to the start of the next, zero or more; may delay a checkpoint beyond {@link
     * #interval}.
     */
    static final Setting<Duration> MIN_PAUSE = GROUP.add(
            "execution.checkpointing.min-pause",
            Fallback.of("0s"),
            "Least time from the end of a checkpoint to the start of the next.",
            Parsers.durationFrom(Duration.ZERO));

    public Duration minPause() {
        return values.get(MIN_PAUSE);
    }

    static final Setting<Integer> TOLERABLE_FAILED_CHECKPOINTS = GROUP.add(
            SettingNames.TOLERABLE_FAILED_CHECKPOINTS,
            Fallback.of("0"),
            "Checkpoints that may fail in a row before the worker ends.",
            Parsers.integerFrom(0));

    /** Checkpoints that may fail in a row before the worker ends, 0 or more. */
    public int tolerableFailed() {
        return values.get(TOLERABLE_FAILED_CHECKPOINTS);
    }
}
