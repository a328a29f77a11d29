package dev.cairn.settings;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;

/** Reads and validates all settings at once. */
public final class SettingsReader {

    private SettingsReader() {}

    /**
     * Reads all settings from the application's configuration: properties, and environment variables by MicroProfile's
     * rule ({@code STATE_CHECKPOINTS_DIR}). Only the host's name is looked up beside it.
     *
     * @throws SettingsException if any of them cannot be used; it lists all problems
     */
    public static Settings read(Config config) {
        var findings = new Findings();
        SettingValues values = SettingValues.read(SettingCatalog.all(), config, findings);
        new SettingRules(values, findings).check();
        Map<String, String> clientProperties = new KafkaSettingsReader(config, findings).read();
        new MistypedNames(SettingCatalog.all(), findings).check(config);
        findings.throwIfAnyProblem();
        return new Settings(
                kafka(values, clientProperties),
                job(values),
                checkpoints(values),
                new LocalSettings(
                        values.get(SettingCatalog.LOCAL_ROOT_DIRS),
                        values.get(SettingCatalog.LOCAL_RECOVERY),
                        values.get(SettingCatalog.BACKEND),
                        values.get(SettingCatalog.ROCKSDB_MEMORY)),
                new RecoverySettings(
                        values.get(SettingCatalog.RECOVERY_PATH),
                        values.get(SettingCatalog.RECOVERY_AGAIN),
                        values.get(SettingCatalog.CLAIM_MODE),
                        values.get(SettingCatalog.IGNORE_UNCLAIMED_STATE),
                        values.get(SettingCatalog.ON_RESET),
                        values.get(SettingCatalog.ON_DAMAGE),
                        values.get(SettingCatalog.ON_LOST_INPUT),
                        values.get(SettingCatalog.ON_RECREATED_INPUT),
                        values.get(SettingCatalog.ON_OTHER_CLUSTER),
                        values.get(SettingCatalog.ON_ENDED_JOB)),
                s3(values),
                findings.warnings());
    }

    /**
     * Reads the directory of the checkpoints alone, for who looks at them without running the job.
     *
     * @throws SettingsException if it cannot be used
     */
    public static String checkpointsDir(Config config) {
        return one(SettingCatalog.CHECKPOINTS_DIR, config);
    }

    /**
     * Reads the directory of the checkpoints for commands that work without one.
     *
     * @return nothing where it is not set
     * @throws SettingsException if it cannot be used
     */
    public static Optional<String> checkpointsDirIfSet(Config config) {
        return SettingValues.isSet(config, SettingCatalog.CHECKPOINTS_DIR.name())
                ? Optional.of(checkpointsDir(config))
                : Optional.empty();
    }

    /**
     * Reads the job's name alone, for who looks at its checkpoints without running it.
     *
     * @throws SettingsException if it cannot be used
     */
    public static String job(Config config) {
        return one(SettingCatalog.JOB, config);
    }

    /**
     * Reads which worker of the job this is, for who only names it.
     *
     * @throws SettingsException if it cannot be used
     */
    public static String instance(Config config) {
        return one(SettingCatalog.INSTANCE, config);
    }

    /**
     * Reads how to reach Kafka, for who asks it without running the job.
     *
     * @return nothing where no brokers are set
     * @throws SettingsException if it cannot be used
     */
    public static Optional<KafkaSettings> kafka(Config config) {
        if (!SettingValues.isSet(config, SettingCatalog.KAFKA_BOOTSTRAP_SERVERS.name())) {
            return Optional.empty();
        }
        var findings = new Findings();
        SettingValues values = SettingValues.read(List.of(SettingCatalog.KAFKA_BOOTSTRAP_SERVERS), config, findings);
        Map<String, String> clientProperties = new KafkaSettingsReader(config, findings).read();
        findings.throwIfAnyProblem();
        return Optional.of(kafka(values, clientProperties));
    }

    /**
     * Reads how long a checkpoint may take, for who looks at the job's checkpoints without running it.
     *
     * @throws SettingsException if it cannot be used
     */
    public static Duration checkpointTimeout(Config config) {
        return one(SettingCatalog.TIMEOUT, config);
    }

    /**
     * Reads where savepoints go that are given no other place.
     *
     * @throws SettingsException if it cannot be used
     */
    public static Optional<String> savepointsDir(Config config) {
        return one(SettingCatalog.SAVEPOINTS_DIR, config);
    }

    /**
     * Reads what stays of a job's checkpoints when it ends on purpose, for who ends it.
     *
     * @throws SettingsException if it cannot be used
     */
    public static Retention retention(Config config) {
        return one(SettingCatalog.RETENTION, config);
    }

    /**
     * Checks the name of a job that was not read from the settings.
     *
     * @return the name
     * @throws SettingsException if it cannot be one
     */
    public static String checkedJob(String name) {
        try {
            return SettingCatalog.JOB.parser().parse(name);
        } catch (InvalidValueException e) {
            throw new SettingsException(
                    List.of(Problem.ofValue(SettingCatalog.JOB.name(), name, e.getMessage(), e.wayOut())));
        }
    }

    /**
     * Reads how objects are written to S3, for who writes some without running the job.
     *
     * @throws SettingsException if it cannot be used
     */
    public static S3Settings s3(Config config) {
        var findings = new Findings();
        SettingValues values = SettingValues.read(
                List.of(SettingCatalog.S3_PART_SIZE, SettingCatalog.S3_ENCRYPTION, SettingCatalog.S3_KMS_KEY),
                config,
                findings);
        new SettingRules(values, findings).check();
        findings.throwIfAnyProblem();
        return s3(values);
    }

    /**
     * Reads who is let in.
     *
     * @throws SettingsException if it cannot be used
     */
    public static SecuritySettings security(Config config) {
        var findings = new Findings();
        SettingValues values = SettingValues.read(
                List.of(SettingCatalog.VIEWER_TOKEN, SettingCatalog.OPERATOR_TOKEN, SettingCatalog.PEER_SECRET),
                config,
                findings);
        new SettingRules(values, findings).check();
        findings.throwIfAnyProblem();
        return new SecuritySettings(
                values.get(SettingCatalog.VIEWER_TOKEN),
                values.get(SettingCatalog.OPERATOR_TOKEN),
                values.get(SettingCatalog.PEER_SECRET));
    }

    /**
     * Reads whether callers need a certificate.
     *
     * @throws SettingsException if it cannot be used
     */
    public static ClientCertificates clientCertificates(Config config) {
        return one(SettingCatalog.CLIENT_CERTIFICATES, config);
    }

    /**
     * Reads how many requests a worker answers in a second; 0 for no limit.
     *
     * @throws SettingsException if it cannot be used
     */
    public static int requestsPerSecond(Config config) {
        return one(SettingCatalog.REQUESTS_PER_SECOND, config);
    }

    /** Where a worker with these settings answers on this machine, as {@code http://localhost:8080}. */
    public static String localAddress(Config config) {
        return Machine.localAddress(config);
    }

    /** What the paths of a worker's HTTP begin with: empty, or a slash and more. The same for all workers of a job. */
    public static String rootPath(Config config) {
        return Machine.rootPath(config);
    }

    /** Why another worker cannot be reached where it says that it listens, a clause; empty where the address is fine. */
    public static Optional<String> faultOfAddress(URI address) {
        try {
            SettingCatalog.ADVERTISED_ADDRESS.parser().parse(address.toString());
            return address.getPort() == 0 ? Optional.of("it has no port yet") : Optional.empty();
        } catch (InvalidValueException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Reads where the worker stands in Kubernetes.
     *
     * @throws SettingsException if it cannot be used
     */
    public static KubernetesSettings kubernetes(Config config) {
        var findings = new Findings();
        SettingValues values = SettingValues.read(
                List.of(SettingCatalog.STATEFUL_SET, SettingCatalog.SERVICE_ACCOUNT_DIR), config, findings);
        findings.throwIfAnyProblem();
        return new KubernetesSettings(
                values.get(SettingCatalog.STATEFUL_SET),
                values.get(SettingCatalog.SERVICE_ACCOUNT_DIR),
                Machine.hostName(config),
                Machine.kubernetesApi(config));
    }

    private static S3Settings s3(SettingValues values) {
        return new S3Settings(
                values.get(SettingCatalog.S3_PART_SIZE),
                values.get(SettingCatalog.S3_ENCRYPTION),
                values.get(SettingCatalog.S3_KMS_KEY));
    }

    private static <T> T one(Setting<T> setting, Config config) {
        var findings = new Findings();
        SettingValues values = SettingValues.read(List.of(setting), config, findings);
        findings.throwIfAnyProblem();
        return values.get(setting);
    }

    private static KafkaSettings kafka(SettingValues values, Map<String, String> clientProperties) {
        var properties = new HashMap<>(clientProperties);
        properties.put(KafkaSettingsReader.BOOTSTRAP_SERVERS, values.get(SettingCatalog.KAFKA_BOOTSTRAP_SERVERS));
        return new KafkaSettings(properties);
    }

    private static JobSettings job(SettingValues values) {
        return new JobSettings(
                values.get(SettingCatalog.JOB),
                values.get(SettingCatalog.INPUT_TOPICS),
                values.get(SettingCatalog.INPUT_START),
                values.get(SettingCatalog.INPUT_MAX_IDLE),
                values.get(SettingCatalog.OUTPUT_TOPIC),
                values.get(SettingCatalog.DEAD_LETTER_TOPIC),
                values.get(SettingCatalog.PROCESSOR),
                values.get(SettingCatalog.ERRORS),
                values.get(SettingCatalog.THREADS),
                values.get(SettingCatalog.INSTANCE),
                values.get(SettingCatalog.STATUS_INTERVAL),
                values.get(SettingCatalog.ADVERTISED_ADDRESS),
                values.get(SettingCatalog.HOT_KEYS));
    }

    private static CheckpointSettings checkpoints(SettingValues values) {
        return new CheckpointSettings(
                values.get(SettingCatalog.CHECKPOINTS_DIR),
                values.get(SettingCatalog.NUM_RETAINED),
                values.get(SettingCatalog.RETENTION),
                values.get(SettingCatalog.SAVEPOINTS_DIR),
                values.get(SettingCatalog.ALLOWED_SAVEPOINT_DIRS),
                values.get(SettingCatalog.ASYNC),
                values.get(SettingCatalog.INCREMENTAL),
                values.get(SettingCatalog.INLINE_THRESHOLD),
                values.get(SettingCatalog.WRITE_BUFFER_SIZE),
                values.get(SettingCatalog.INTERVAL),
                values.get(SettingCatalog.MODE),
                values.get(SettingCatalog.TIMEOUT),
                values.get(SettingCatalog.MIN_PAUSE),
                values.get(SettingCatalog.TOLERABLE_FAILED_CHECKPOINTS));
    }
}
