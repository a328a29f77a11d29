package dev.cairn.names;

/** Names of settings, for messages and for the help of commands. What a setting is, its catalog says. */
public final class SettingNames {

    public static final String KAFKA_BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";
    public static final String JOB = "cairn.job";
    public static final String INPUT_TOPICS = "cairn.input.topics";
    public static final String INPUT_START = "cairn.input.start";
    public static final String OUTPUT_TOPIC = "cairn.output.topic";
    public static final String PROCESSOR = "cairn.processor";
    public static final String ERRORS = "cairn.errors";
    public static final String RETRY_EXCEPTIONS = "cairn.errors.retry.exceptions";
    public static final String DEAD_LETTER_TOPIC = "cairn.dead-letter.topic";
    public static final String THREADS = "cairn.threads";
    public static final String INSTANCE = "cairn.instance";
    public static final String ADVERTISED_ADDRESS = "cairn.advertised.address";
    public static final String CHECKPOINTS_DIR = "state.checkpoints.dir";
    public static final String NUM_RETAINED = "state.checkpoints.num-retained";
    public static final String RETENTION = "execution.checkpointing.externalized-checkpoint-retention";
    public static final String SAVEPOINTS_DIR = "state.savepoints.dir";
    public static final String ALLOWED_SAVEPOINT_DIRS = "cairn.savepoints.allowed-directories";
    public static final String BACKEND = "state.backend";
    public static final String ROCKSDB_MEMORY = "state.backend.rocksdb.memory.fixed-per-tm";
    public static final String INLINE_THRESHOLD = "state.backend.fs.memory-threshold";
    public static final String LOCAL_ROOT_DIRS = "taskmanager.state.local.root-dirs";
    public static final String INTERVAL = "execution.checkpointing.interval";
    public static final String TIMEOUT = "execution.checkpointing.timeout";
    public static final String TOLERABLE_FAILED_CHECKPOINTS = "execution.checkpointing.tolerable-failed-checkpoints";
    public static final String ON_RESET = "cairn.recovery.on-reset";
    public static final String ON_DAMAGE = "cairn.recovery.on-damage";
    public static final String ON_LOST_INPUT = "cairn.recovery.on-lost-input";
    public static final String ON_RECREATED_INPUT = "cairn.recovery.on-recreated-input";
    public static final String ON_OTHER_CLUSTER = "cairn.recovery.on-other-cluster";
    public static final String RECOVERY_PATH = "execution.state-recovery.path";
    public static final String RECOVERY_AGAIN = "cairn.recovery.again";
    public static final String CLAIM_MODE = "execution.state-recovery.claim-mode";
    public static final String IGNORE_UNCLAIMED_STATE = "execution.state-recovery.ignore-unclaimed-state";
    public static final String S3_ENCRYPTION = "cairn.s3.encryption";
    public static final String VIEWER_TOKEN = "cairn.security.viewer-token";
    public static final String OPERATOR_TOKEN = "cairn.security.operator-token";
    public static final String PEER_SECRET = "cairn.security.peer-secret";
    public static final String CLIENT_CERTIFICATES = "cairn.security.client-certificates";
    public static final String REQUESTS_PER_SECOND = "cairn.http.requests-per-second";

    private SettingNames() {}
}
