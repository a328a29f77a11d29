package dev.cairn.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.cairn.checkpoint.protocol.InputsDecision.OnOtherCluster;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.checkpoint.protocol.RestoreDecision.OnReset;
import dev.cairn.settings.Setting.Fallback;
import dev.cairn.storage.S3Encryption;

/** Every setting, in the order in which documents show them. */
final class SettingCatalog {

    static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = new Setting<>(
            "kafka.bootstrap.servers",
            Fallback.required(),
            "Kafka's brokers as `host:port`, several separated by commas. Any other client setting is written the same"
                    + " way, such as `kafka.security.protocol`.",
            Parsers.brokers());

    static final Setting<String> JOB = new Setting<>(
            "cairn.job",
            Fallback.required(),
            "Name of the job, and so of its consumer group and of its directory of checkpoints.",
            Parsers.name());

    static final Setting<List<String>> INPUT_TOPICS = new Setting<>(
            "cairn.input.topics",
            Fallback.required(),
            "Topics to read, several separated by commas; they need the same number of partitions.",
            Parsers.topics());

    static final Setting<InputStart> INPUT_START = new Setting<>(
            "cairn.input.start",
            Fallback.of("earliest"),
            "Where a new job starts in its input: `earliest` or `latest`.",
            Parsers.oneOf(InputStart.class));

    static final Setting<Duration> INPUT_MAX_IDLE = new Setting<>(
            "cairn.input.max-idle",
            Fallback.of("0s"),
            "How long records of one input topic wait for a topic that has none, to be processed in the order of their"
                    + " timestamps. `0s` waits only for records that the broker already has, `-1` does not wait.",
            Parsers.durationOrNever());

    static final Setting<Optional<String>> OUTPUT_TOPIC = new Setting<>(
            "cairn.output.topic",
            Fallback.none(),
            "Topic for the results; without it they are dropped, and the job keeps state alone.",
            Parsers.optional(Parsers.topic()));

    static final Setting<String> PROCESSOR = new Setting<>(
            "cairn.processor",
            Fallback.of("aggregate"),
            "Name of the processor that handles the records.",
            text -> text);

    static final Setting<ErrorPolicy> ERRORS = new Setting<>(
            "cairn.errors",
            Fallback.of("fail"),
            "What happens to a record that cannot be read or processed: `fail` stops the worker, `skip` drops the record,"
                    + " `dead-letter` puts it aside.",
            Parsers.oneOf(ErrorPolicy.class));

    static final Setting<Optional<String>> DEAD_LETTER_TOPIC = new Setting<>(
            "cairn.dead-letter.topic",
            Fallback.none(),
            "Topic for the records put aside; required where `cairn.errors` is `dead-letter`.",
            Parsers.optional(Parsers.topic()));

    static final Setting<Integer> THREADS = new Setting<>(
            "cairn.threads",
            Fallback.of(
                    "one per CPU core",
                    config -> Optional.of(Integer.toString(Runtime.getRuntime().availableProcessors()))),
            "Loops of this worker, each with its own consumer and partitions.",
            Parsers.integerFrom(1));

    static final Setting<String> INSTANCE = new Setting<>(
            "cairn.instance",
            Fallback.of("host name", Machine::hostName),
            "Name of this worker among those of the job; the same after a restart, and no other's.",
            Parsers.name());

    static final Setting<Duration> STATUS_INTERVAL = new Setting<>(
            "cairn.status.interval",
            Fallback.of("30s"),
            "Time between two lines in the log that say how the worker is doing, if that has changed; `0` for none.",
            Parsers.durationFrom(Duration.ZERO));

    static final Setting<URI> ADVERTISED_ADDRESS = new Setting<>(
            "cairn.advertised.address",
            Fallback.of("`quarkus.http.host` or the machine's address, and the port", Machine::httpAddress),
            "Where the other workers of the job reach this one, as `http://host:port` or `https://host:port`: they ask each"
                    + " other for state. Its path is always `quarkus.http.root-path`.",
            Parsers.httpAddress());

    static final Setting<Boolean> HOT_KEYS = new Setting<>(
            "cairn.hot-keys.enabled",
            Fallback.of("true"),
            "Whether the worker finds out which keys are updated most and which have the largest values.",
            Parsers.bool());

    static final Setting<String> CHECKPOINTS_DIR = new Setting<>(
            "state.checkpoints.dir",
            "execution.checkpointing.dir",
            Fallback.of("required (`" + Machine.DEVELOPMENT_CHECKPOINTS + "` in development)", Machine::checkpoints),
            "Directory of the checkpoints, as `s3://bucket/prefix`, `file:/path` or a plain path; all workers of a job need the same.",
            Parsers.storageDirectory());

    static final Setting<Integer> NUM_RETAINED = new Setting<>(
            "state.checkpoints.num-retained",
            "execution.checkpointing.num-retained",
            Fallback.of("1"),
            "Committed checkpoints kept per partition.",
            Parsers.integerFrom(1));

    static final Setting<Retention> RETENTION = new Setting<>(
            "execution.checkpointing.externalized-checkpoint-retention",
            Fallback.of("RETAIN_ON_CANCELLATION"),
            "What stays when the job is cancelled: `RETAIN_ON_CANCELLATION` keeps its checkpoints,"
                    + " `DELETE_ON_CANCELLATION` deletes them, `NO_EXTERNALIZED_CHECKPOINTS` does so after a stop with a"
                    + " savepoint, too.",
            Parsers.oneOf(Retention.class));

    static final Setting<Optional<String>> SAVEPOINTS_DIR = new Setting<>(
            "state.savepoints.dir",
            "execution.checkpointing.savepoint-dir",
            Fallback.none(),
            "Directory for savepoints that are given no other, as `s3://bucket/prefix`, `file:/path` or a plain path.",
            Parsers.optional(Parsers.storageDirectory()));

    static final Setting<List<String>> ALLOWED_SAVEPOINT_DIRS = new Setting<>(
            "cairn.savepoints.allowed-directories",
            Fallback.none(),
            "Directories, several separated by commas, in and below which a caller of REST or a command of the topic may have"
                    + " savepoints made, besides `state.savepoints.dir`.",
            Parsers.storageDirectories());

    static final Setting<StateBackend> BACKEND = new Setting<>(
            "state.backend",
            "state.backend.type",
            Fallback.of("rocksdb"),
            "Where state is read: `rocksdb` keeps it on the local disk and a part of it on the heap, `hashmap` all of it on"
                    + " the heap.",
            Parsers.oneOf(StateBackend.class));

    /** Flink's task manager is a worker here. */
    static final Setting<Optional<MemorySize>> ROCKSDB_MEMORY = new Setting<>(
            "state.backend.rocksdb.memory.fixed-per-tm",
            Fallback.of(
                    "a third of what the container leaves beside the heap; outside of a container no more than the heap and"
                            + " than `256mb`",
                    config -> Optional.of("")),
            "Memory for the block cache of all RocksDB databases of this worker, outside of the heap; `8mb` to `1tb`.",
            Parsers.optional(Parsers.sizeBetween(new MemorySize(8L << 20), new MemorySize(1L << 40))));

    static final Setting<Boolean> ASYNC = new Setting<>(
            "state.backend.async",
            Fallback.of("true"),
            "Whether records are processed while a checkpoint is written (`true`) or wait until it is in the store"
                    + " (`false`).",
            Parsers.bool());

    static final Setting<Boolean> INCREMENTAL = new Setting<>(
            "state.backend.incremental",
            "execution.checkpointing.incremental",
            Fallback.of("true"),
            "Whether a checkpoint writes only what changed (`true`) or all of the state (`false`).",
            Parsers.bool());

    static final Setting<MemorySize> INLINE_THRESHOLD = new Setting<>(
            "state.backend.fs.memory-threshold",
            "execution.checkpointing.data-inline-threshold",
            Fallback.of("20kb"),
            "Changes smaller than this are kept inside a checkpoint's `_metadata`, not in a file of their own; at most"
                    + " `1mb`.",
            Parsers.sizeTo(new MemorySize(1024 * 1024)));

    static final Setting<MemorySize> WRITE_BUFFER_SIZE = new Setting<>(
            "state.backend.fs.write-buffer-size",
            "execution.checkpointing.write-buffer-size",
            Fallback.of("4096"),
            "Buffer for writing a file to the store; at least `state.backend.fs.memory-threshold` is used, at most `16mb`.",
            Parsers.sizeTo(new MemorySize(16 * 1024 * 1024)));

    static final Setting<Boolean> LOCAL_RECOVERY = new Setting<>(
            "state.backend.local-recovery",
            "execution.state-recovery.from-local",
            Fallback.of("true"),
            "Whether a restarted worker goes on with its local databases (`true`) or fetches the state again (`false`).",
            Parsers.bool());

    static final Setting<List<Path>> LOCAL_ROOT_DIRS = new Setting<>(
            "taskmanager.state.local.root-dirs",
            "execution.checkpointing.local-backup.dirs",
            Fallback.of("./data"),
            "Directories for the local databases, several separated by `:` or `,`.",
            Parsers.localDirectories());

    static final Setting<Duration> INTERVAL = new Setting<>(
            "execution.checkpointing.interval",
            Fallback.of("10s"),
            "Time from the start of a checkpoint to the start of the next, at least `10ms`.",
            Parsers.durationFrom(Duration.ofMillis(10)));

    static final Setting<CheckpointMode> MODE = new Setting<>(
            "execution.checkpointing.mode",
            Fallback.of("EXACTLY_ONCE"),
            "`EXACTLY_ONCE`, or `AT_LEAST_ONCE`: after a failure results may then appear twice.",
            Parsers.oneOf(CheckpointMode.class));

    static final Setting<Duration> TIMEOUT = new Setting<>(
            "execution.checkpointing.timeout",
            Fallback.of("5min"),
            "How long a checkpoint may take before it has failed.",
            Parsers.durationFrom(Duration.ofMillis(1)));

    static final Setting<Duration> MIN_PAUSE = new Setting<>(
            "execution.checkpointing.min-pause",
            Fallback.of("0s"),
            "Least time from the end of a checkpoint to the start of the next.",
            Parsers.durationFrom(Duration.ZERO));

    static final Setting<Integer> TOLERABLE_FAILED_CHECKPOINTS = new Setting<>(
            "execution.checkpointing.tolerable-failed-checkpoints",
            Fallback.of("0"),
            "Checkpoints that may fail in a row before the worker ends.",
            Parsers.integerFrom(0));

    static final Setting<OnReset> ON_RESET = new Setting<>(
            "cairn.recovery.on-reset",
            Fallback.of("park"),
            "A partition whose committed offset somebody changed: `park` waits for a decision, `use-checkpoint` goes back"
                    + " to the newest checkpoint, `fresh-state` starts there with empty state.",
            Parsers.oneOf(OnReset.class));

    static final Setting<OnDamage> ON_DAMAGE = new Setting<>(
            "cairn.recovery.on-damage",
            Fallback.of("park"),
            "A partition whose checkpoint is missing or damaged: `park` waits for a decision, `use-older` goes back to the"
                    + " newest older one that is whole.",
            Parsers.oneOf(OnDamage.class));

    static final Setting<OnLostInput> ON_LOST_INPUT = new Setting<>(
            "cairn.recovery.on-lost-input",
            Fallback.of("park"),
            "A partition whose input was deleted below its position: `park` waits for a decision, `skip` goes on with its"
                    + " state at the first record that is still there.",
            Parsers.oneOf(OnLostInput.class));

    static final Setting<OnRecreatedInput> ON_RECREATED_INPUT = new Setting<>(
            "cairn.recovery.on-recreated-input",
            Fallback.of("park"),
            "A partition whose input topic was deleted and created again: `park` waits for a decision, `keep-state` reads"
                    + " the new topic from its beginning with the state, `fresh-state` with empty state.",
            Parsers.oneOf(OnRecreatedInput.class));

    static final Setting<OnOtherCluster> ON_OTHER_CLUSTER = new Setting<>(
            "cairn.recovery.on-other-cluster",
            Fallback.of("park"),
            "A partition whose checkpoint was taken on another Kafka cluster: `park` waits for a decision, `accept`"
                    + " continues at the recorded offsets of the topics here.",
            Parsers.oneOf(OnOtherCluster.class));

    static final Setting<OnEndedJob> ON_ENDED_JOB = new Setting<>(
            "cairn.recovery.on-ended-job",
            Fallback.of("exit"),
            "A worker that is started though its job was stopped or cancelled: `exit` ends it with an error, `wait` lets it"
                    + " wait, alive but not ready, until `job start`.",
            Parsers.oneOf(OnEndedJob.class));

    static final Setting<Optional<String>> RECOVERY_PATH = new Setting<>(
            "execution.state-recovery.path",
            Fallback.none(),
            "Start from here, once: a savepoint, a job's directory (the newest checkpoint of every partition), or one"
                    + " checkpoint's directory or `_metadata`. A restart does not go back to it.",
            Parsers.optional(Parsers.storageDirectory()));

    static final Setting<Optional<String>> RECOVERY_AGAIN = new Setting<>(
            "cairn.recovery.again",
            Fallback.none(),
            "A text, such as `2`, that was not used before lets the job start from `execution.state-recovery.path` once more. A"
                    + " restart with the same text does not go back again.",
            Parsers.optional(Parsers.name()));

    static final Setting<ClaimMode> CLAIM_MODE = new Setting<>(
            "execution.state-recovery.claim-mode",
            Fallback.of("NO_CLAIM"),
            "Whose that is afterwards: `NO_CLAIM` leaves it alone, `CLAIM` deletes it once the job's own checkpoints do"
                    + " without.",
            Parsers.oneOf(ClaimMode.class));

    static final Setting<Boolean> IGNORE_UNCLAIMED_STATE = new Setting<>(
            "execution.state-recovery.ignore-unclaimed-state",
            Fallback.of("false"),
            "Whether the job starts although it was restored with state that its processor does not declare (`true`); that"
                    + " state is carried on unread.",
            Parsers.bool());

    static final Setting<MemorySize> S3_PART_SIZE = new Setting<>(
            "cairn.s3.part-size",
            Fallback.of("16mb"),
            "Files of this size and more go to S3 in parts, several at a time; `5mb` to `1gb`, and at most 10,000 parts make a"
                    + " file.",
            Parsers.sizeBetween(new MemorySize(5 << 20), new MemorySize(1 << 30)));

    static final Setting<S3Encryption> S3_ENCRYPTION = new Setting<>(
            "cairn.s3.encryption",
            Fallback.of("bucket"),
            "Encryption at rest in S3: `bucket` as the bucket is configured, `sse-s3` with S3's keys, `sse-kms` with a key"
                    + " of KMS.",
            Parsers.oneOf(S3Encryption.class));

    static final Setting<Optional<String>> S3_KMS_KEY = new Setting<>(
            "cairn.s3.kms-key",
            Fallback.none(),
            "Id or ARN of the KMS key for `sse-kms`; without it AWS's own key for S3 is used.",
            Parsers.optional(text -> text));

    static final Setting<Optional<String>> VIEWER_TOKEN = Setting.secret(
            "cairn.security.viewer-token",
            Fallback.none(),
            "Bearer token of who may read: the state, the job, its settings; a secret of 16 characters at least.",
            Parsers.optional(Parsers.token()));

    static final Setting<Optional<String>> OPERATOR_TOKEN = Setting.secret(
            "cairn.security.operator-token",
            Fallback.none(),
            "Bearer token of who may also control the job; a secret of 16 characters at least. Without it, and without"
                    + " OIDC, control answers on loopback alone.",
            Parsers.optional(Parsers.token()));

    static final Setting<Optional<String>> PEER_SECRET = Setting.secret(
            "cairn.security.peer-secret",
            Fallback.none(),
            "Secret of the job's workers, the same for all, 32 characters at least: they sign with it what they ask each"
                    + " other. Without it a worker shows itself only, and answers for its own state only.",
            Parsers.optional(Parsers.peerSecret()));

    static final Setting<ClientCertificates> CLIENT_CERTIFICATES = new Setting<>(
            "cairn.security.client-certificates",
            Fallback.of("none"),
            "Whether the TLS port lets in only who has a certificate of the trust store (`required`) or anyone (`none`).",
            Parsers.oneOf(ClientCertificates.class));

    static final Setting<Integer> REQUESTS_PER_SECOND = new Setting<>(
            "cairn.http.requests-per-second",
            Fallback.of("200"),
            "How many requests a worker answers in a second, without health, metrics and other workers; `0` for no limit."
                    + " Five seconds' worth may come at once; more wait for their turn, so that they do not slow down processing.",
            Parsers.integerFrom(0));

    static final Setting<Optional<String>> STATEFUL_SET = new Setting<>(
            "cairn.kubernetes.stateful-set",
            Fallback.none(),
            "Kubernetes' StatefulSet that the worker's pod is of: a worker that is scaled away leaves the group at once."
                    + " Needs the right to `get` it.",
            Parsers.optional(Parsers.name()));

    static final Setting<Path> SERVICE_ACCOUNT_DIR = new Setting<>(
            "cairn.kubernetes.service-account-dir",
            Fallback.of("/var/run/secrets/kubernetes.io/serviceaccount"),
            "Directory of the pod's token, namespace and certificate for Kubernetes' API.",
            Path::of);

    private static final List<Setting<?>> ALL = List.of(
            KAFKA_BOOTSTRAP_SERVERS,
            JOB,
            INPUT_TOPICS,
            INPUT_START,
            INPUT_MAX_IDLE,
            OUTPUT_TOPIC,
            PROCESSOR,
            ERRORS,
            DEAD_LETTER_TOPIC,
            THREADS,
            INSTANCE,
            STATUS_INTERVAL,
            ADVERTISED_ADDRESS,
            HOT_KEYS,
            CHECKPOINTS_DIR,
            NUM_RETAINED,
            RETENTION,
            SAVEPOINTS_DIR,
            ALLOWED_SAVEPOINT_DIRS,
            BACKEND,
            ROCKSDB_MEMORY,
            ASYNC,
            INCREMENTAL,
            INLINE_THRESHOLD,
            WRITE_BUFFER_SIZE,
            LOCAL_RECOVERY,
            LOCAL_ROOT_DIRS,
            INTERVAL,
            MODE,
            TIMEOUT,
            MIN_PAUSE,
            TOLERABLE_FAILED_CHECKPOINTS,
            RECOVERY_PATH,
            RECOVERY_AGAIN,
            CLAIM_MODE,
            IGNORE_UNCLAIMED_STATE,
            ON_RESET,
            ON_DAMAGE,
            ON_LOST_INPUT,
            ON_RECREATED_INPUT,
            ON_OTHER_CLUSTER,
            ON_ENDED_JOB,
            S3_PART_SIZE,
            S3_ENCRYPTION,
            S3_KMS_KEY,
            VIEWER_TOKEN,
            OPERATOR_TOKEN,
            PEER_SECRET,
            CLIENT_CERTIFICATES,
            REQUESTS_PER_SECOND,
            STATEFUL_SET,
            SERVICE_ACCOUNT_DIR);

    private SettingCatalog() {}

    static List<Setting<?>> all() {
        return ALL;
    }
}
