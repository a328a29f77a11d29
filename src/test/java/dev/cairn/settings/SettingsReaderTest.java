package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.checkpoint.protocol.InputsDecision.OnOtherCluster;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.checkpoint.protocol.RestoreDecision.OnReset;
import dev.cairn.storage.S3Encryption;

class SettingsReaderTest {

    @Test
    void shouldUseDefaultsForWhatIsNotSet() {
        // When
        Settings settings = SettingsReader.read(Configurations.with(Map.of()));

        // Then
        assertThat(settings.kafka()).isEqualTo(new KafkaSettings(Map.of("bootstrap.servers", "broker:9092")));
        assertThat(settings.job())
                .returns("flights", JobSettings::name)
                .returns(List.of("delays"), JobSettings::inputTopics)
                .returns(InputStart.EARLIEST, JobSettings::inputStart)
                .returns(Duration.ZERO, JobSettings::inputMaxIdle)
                .returns(Optional.empty(), JobSettings::outputTopic)
                .returns(Optional.empty(), JobSettings::deadLetterTopic)
                .returns("aggregate", JobSettings::processor)
                .returns(ErrorPolicy.FAIL, JobSettings::errors)
                .returns(Runtime.getRuntime().availableProcessors(), JobSettings::threads)
                .returns("worker-0", JobSettings::instance)
                .returns(Duration.ofSeconds(30), JobSettings::statusInterval)
                .returns(URI.create("http://worker-0:8080"), JobSettings::advertisedAddress)
                .returns(true, JobSettings::hotKeys);
        assertThat(settings.checkpoints())
                .returns("file:/checkpoints", CheckpointSettings::dir)
                .returns(1, CheckpointSettings::retained)
                .returns(Retention.RETAIN_ON_CANCELLATION, CheckpointSettings::retention)
                .returns(Optional.empty(), CheckpointSettings::savepointsDir)
                .returns(List.of(), CheckpointSettings::allowedSavepointDirs)
                .returns(true, CheckpointSettings::async)
                .returns(true, CheckpointSettings::incremental)
                .returns(new MemorySize(20 * 1024), CheckpointSettings::inlineThreshold)
                .returns(new MemorySize(4096), CheckpointSettings::writeBuffer)
                .returns(Duration.ofSeconds(10), CheckpointSettings::interval)
                .returns(CheckpointMode.EXACTLY_ONCE, CheckpointSettings::mode)
                .returns(Duration.ofMinutes(5), CheckpointSettings::timeout)
                .returns(Duration.ZERO, CheckpointSettings::minPause)
                .returns(0, CheckpointSettings::tolerableFailed);
        assertThat(settings.local())
                .isEqualTo(new LocalSettings(List.of(Path.of("./data")), true, StateBackend.ROCKSDB, Optional.empty()));
        assertThat(settings.recovery())
                .returns(Optional.empty(), RecoverySettings::path)
                .returns(Optional.empty(), RecoverySettings::again)
                .returns(ClaimMode.NO_CLAIM, RecoverySettings::claimMode)
                .returns(false, RecoverySettings::ignoreUnclaimedState)
                .returns(OnReset.PARK, RecoverySettings::onReset)
                .returns(OnDamage.PARK, RecoverySettings::onDamage)
                .returns(OnLostInput.PARK, RecoverySettings::onLostInput)
                .returns(OnRecreatedInput.PARK, RecoverySettings::onRecreatedInput)
                .returns(OnOtherCluster.PARK, RecoverySettings::onOtherCluster)
                .returns(OnEndedJob.EXIT, RecoverySettings::onEndedJob);
        assertThat(settings.s3())
                .isEqualTo(new S3Settings(new MemorySize(16 << 20), S3Encryption.BUCKET, Optional.empty()));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldReadHowToReachKafkaOnlyWhereBrokersAreSet() {
        // Given
        Config brokers = Configurations.with("kafka.security.protocol", "SSL");
        Config none = Configurations.of(Map.of("kafka.security.protocol", "SSL"), Map.of());
        Config wrong = Configurations.of(Map.of("kafka.bootstrap.servers", "broker"), Map.of());

        // When, Then
        assertThat(KafkaSettings.of(brokers))
                .contains(new KafkaSettings(Map.of("bootstrap.servers", "broker:9092", "security.protocol", "SSL")));
        assertThat(KafkaSettings.of(none)).isEmpty();
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> KafkaSettings.of(wrong))
                .withMessageContaining("kafka.bootstrap.servers");
        assertThat(CheckpointSettings.of(none).timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void shouldReadEverySetting() {
        // Given
        Config config = Configurations.with(Map.ofEntries(
                Map.entry("cairn.input.topics", "delays, cancellations"),
                Map.entry("cairn.input.start", "latest"),
                Map.entry("cairn.input.max-idle", "2s"),
                Map.entry("cairn.output.topic", "totals"),
                Map.entry("cairn.dead-letter.topic", "broken"),
                Map.entry("cairn.processor", "average"),
                Map.entry("cairn.errors", "dead-letter"),
                Map.entry("cairn.threads", "3"),
                Map.entry("cairn.status.interval", "0"),
                Map.entry("cairn.hot-keys.enabled", "false"),
                Map.entry("state.checkpoints.num-retained", "4"),
                Map.entry("execution.checkpointing.externalized-checkpoint-retention", "DELETE_ON_CANCELLATION"),
                Map.entry("state.savepoints.dir", "s3://bucket/savepoints"),
                Map.entry("cairn.savepoints.allowed-directories", "s3://bucket/copies, /backups"),
                Map.entry("state.backend", "hashmap"),
                Map.entry("state.backend.rocksdb.memory.fixed-per-tm", "64mb"),
                Map.entry("state.backend.async", "false"),
                Map.entry("state.backend.fs.write-buffer-size", "64kb"),
                Map.entry("execution.state-recovery.path", "/backups/sp"),
                Map.entry("cairn.recovery.again", "second-try"),
                Map.entry("execution.state-recovery.claim-mode", "CLAIM"),
                Map.entry("execution.state-recovery.ignore-unclaimed-state", "true"),
                Map.entry("cairn.s3.encryption", "sse-kms"),
                Map.entry("cairn.s3.part-size", "5mb"),
                Map.entry("cairn.s3.kms-key", "alias/cairn"),
                Map.entry("state.backend.incremental", "false"),
                Map.entry("state.backend.fs.memory-threshold", "1 mb"),
                Map.entry("state.backend.local-recovery", "FALSE"),
                Map.entry("taskmanager.state.local.root-dirs", "/a:/b,c"),
                Map.entry("execution.checkpointing.interval", "10ms"),
                Map.entry("execution.checkpointing.mode", "at-least_once"),
                Map.entry("execution.checkpointing.timeout", "PT1M"),
                Map.entry("execution.checkpointing.min-pause", "2 s"),
                Map.entry("execution.checkpointing.tolerable-failed-checkpoints", "7"),
                Map.entry("cairn.recovery.on-reset", "fresh-state"),
                Map.entry("cairn.recovery.on-damage", "use-older"),
                Map.entry("cairn.recovery.on-lost-input", "skip"),
                Map.entry("cairn.recovery.on-recreated-input", "keep-state"),
                Map.entry("cairn.recovery.on-other-cluster", "accept"),
                Map.entry("cairn.recovery.on-ended-job", "wait")));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.job())
                .returns("flights", JobSettings::name)
                .returns(List.of("delays", "cancellations"), JobSettings::inputTopics)
                .returns(InputStart.LATEST, JobSettings::inputStart)
                .returns(Duration.ofSeconds(2), JobSettings::inputMaxIdle)
                .returns(Optional.of("totals"), JobSettings::outputTopic)
                .returns(Optional.of("broken"), JobSettings::deadLetterTopic)
                .returns("average", JobSettings::processor)
                .returns(ErrorPolicy.DEAD_LETTER, JobSettings::errors)
                .returns(3, JobSettings::threads)
                .returns("worker-0", JobSettings::instance)
                .returns(Duration.ZERO, JobSettings::statusInterval)
                .returns(URI.create("http://worker-0:8080"), JobSettings::advertisedAddress)
                .returns(false, JobSettings::hotKeys);
        assertThat(settings.checkpoints())
                .returns("file:/checkpoints", CheckpointSettings::dir)
                .returns(4, CheckpointSettings::retained)
                .returns(Retention.DELETE_ON_CANCELLATION, CheckpointSettings::retention)
                .returns(Optional.of("s3://bucket/savepoints"), CheckpointSettings::savepointsDir)
                .returns(List.of("s3://bucket/copies", "/backups"), CheckpointSettings::allowedSavepointDirs)
                .returns(false, CheckpointSettings::async)
                .returns(false, CheckpointSettings::incremental)
                .returns(new MemorySize(1024 * 1024), CheckpointSettings::inlineThreshold)
                .returns(new MemorySize(64 * 1024), CheckpointSettings::writeBuffer)
                .returns(Duration.ofMillis(10), CheckpointSettings::interval)
                .returns(CheckpointMode.AT_LEAST_ONCE, CheckpointSettings::mode)
                .returns(Duration.ofMinutes(1), CheckpointSettings::timeout)
                .returns(Duration.ofSeconds(2), CheckpointSettings::minPause)
                .returns(7, CheckpointSettings::tolerableFailed);
        assertThat(settings.local())
                .isEqualTo(new LocalSettings(
                        List.of(Path.of("/a"), Path.of("/b"), Path.of("c")),
                        false,
                        StateBackend.HASHMAP,
                        Optional.of(new MemorySize(64L << 20))));
        assertThat(settings.recovery())
                .returns(Optional.of("/backups/sp"), RecoverySettings::path)
                .returns(Optional.of("second-try"), RecoverySettings::again)
                .returns(ClaimMode.CLAIM, RecoverySettings::claimMode)
                .returns(true, RecoverySettings::ignoreUnclaimedState)
                .returns(OnReset.FRESH_STATE, RecoverySettings::onReset)
                .returns(OnDamage.USE_OLDER, RecoverySettings::onDamage)
                .returns(OnLostInput.SKIP, RecoverySettings::onLostInput)
                .returns(OnRecreatedInput.KEEP_STATE, RecoverySettings::onRecreatedInput)
                .returns(OnOtherCluster.ACCEPT, RecoverySettings::onOtherCluster)
                .returns(OnEndedJob.WAIT, RecoverySettings::onEndedJob);
        assertThat(settings.s3())
                .isEqualTo(new S3Settings(new MemorySize(5 << 20), S3Encryption.SSE_KMS, Optional.of("alias/cairn")));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldReadTheNewSpellings() {
        // Given
        Config config = Configurations.with(Map.of(
                "state.checkpoints.dir", "",
                "state.backend.type", "hashmap",
                "execution.checkpointing.dir", "/elsewhere",
                "execution.checkpointing.num-retained", "2",
                "execution.checkpointing.incremental", "false",
                "execution.checkpointing.data-inline-threshold", "1kb",
                "execution.state-recovery.from-local", "false",
                "execution.checkpointing.local-backup.dirs", "/fast"));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.checkpoints().dir()).isEqualTo("/elsewhere");
        assertThat(settings.checkpoints().retained()).isEqualTo(2);
        assertThat(settings.checkpoints().incremental()).isFalse();
        assertThat(settings.checkpoints().inlineThreshold()).isEqualTo(new MemorySize(1024));
        assertThat(settings.local())
                .isEqualTo(new LocalSettings(List.of(Path.of("/fast")), false, StateBackend.HASHMAP, Optional.empty()));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldPreferTheNewSpellingAndWarn() {
        // Given
        Config config =
                Configurations.with(Map.of("state.checkpoints.dir", "/old", "execution.checkpointing.dir", "/new"));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.checkpoints().dir()).isEqualTo("/new");
        assertThat(settings.warnings())
                .containsExactly(
                        "state.checkpoints.dir and execution.checkpointing.dir are two names of one setting and"
                                + " both are set; the second one counts.");
    }

    @Test
    void shouldReadEnvironmentVariables() {
        // Given
        Config config = Configurations.of(
                Map.of(),
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                        "CAIRN_JOB", "flights",
                        "CAIRN_INPUT_TOPICS", "delays",
                        "CAIRN_DEAD_LETTER_TOPIC", "broken",
                        "CAIRN_ERRORS", "dead-letter",
                        "HOSTNAME", "pod-3",
                        "STATE_CHECKPOINTS_DIR", "/checkpoints",
                        "EXECUTION_CHECKPOINTING_MIN_PAUSE", "3s",
                        "EXECUTION_STATE_RECOVERY_FROM_LOCAL", "false"));

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.kafka().clientProperties()).containsEntry("bootstrap.servers", "broker:9092");
        assertThat(settings.job().name()).isEqualTo("flights");
        assertThat(settings.job().inputTopics()).containsExactly("delays");
        assertThat(settings.job().deadLetterTopic()).contains("broken");
        assertThat(settings.job().instance()).isEqualTo("pod-3");
        assertThat(settings.checkpoints().dir()).isEqualTo("/checkpoints");
        assertThat(settings.checkpoints().minPause()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.local().recovery()).isFalse();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldReadEverySettingFromItsEnvironmentVariable() {
        // Given
        for (Setting<?> setting : SettingCatalog.all()) {
            setting.spellings().forEach(name -> {
                Config config = Configurations.of(Map.of(), Map.of(Setting.environmentVariable(name), "\u00a7"));
                var findings = new Findings();

                // When
                var values = new SettingValues(config, findings);
                values.find(setting);

                // Then
                String seen = values.text(setting);
                if (values.find(setting).isEmpty()) {
                    seen = catchThrowableOfType(SettingsException.class, findings::throwIfAnyProblem)
                            .getMessage();
                }
                assertThat(seen).as(name).contains(setting.secret() ? "hidden" : "\u00a7");
            });
        }
    }

    @Test
    void shouldListEveryProblemInOneError() {
        // Given
        Config config = Configurations.of(
                Map.of(
                        "cairn.input.topics", "delays,delays",
                        "cairn.instance", "..",
                        "cairn.threads", "0",
                        "execution.checkpointing.interval", "often",
                        "state.backend.fs.memory-threshold", "2mb",
                        "kafka.group.id", "mine"),
                Map.of());

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessage("""
                        There are 9 problems in the settings:
                          - kafka.bootstrap.servers: required, but not set. Set it, or the environment variable \
                        KAFKA_BOOTSTRAP_SERVERS. %s
                          - cairn.job: required, but not set. Set it, or the environment variable CAIRN_JOB. %s
                          - cairn.input.topics = "delays,delays": names delays twice. Name each topic once.
                          - cairn.threads = "0": less than 1. Write a whole number from 1 to 2147483647.
                          - cairn.instance = "..": not usable as the name of a directory and of a consumer group. \
                        Write letters, digits, '.', '_' and '-', at most 100 of them, and not just '.' or '..'.
                          - state.checkpoints.dir: required, but not set. Set it, or the environment variable \
                        STATE_CHECKPOINTS_DIR. %s
                          - state.backend.fs.memory-threshold = "2mb": too large. Write a size of at most 1mb.
                          - execution.checkpointing.interval = "often": not a duration. Write a number and a unit \
                        (ms, s, min, h, d) such as 10s, or PT10S.
                          - kafka.group.id = "mine": the job's name is the consumer group. Set cairn.job instead.""".formatted(
                                KafkaSettings.KAFKA_BOOTSTRAP_SERVERS.description(),
                                JobSettings.JOB.description(),
                                CheckpointSettings.CHECKPOINTS_DIR.description()));
    }

    @Test
    void shouldNameTheSpellingThatWasUsed() {
        // Given
        Config config = Configurations.with("execution.checkpointing.num-retained", "none");

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("execution.checkpointing.num-retained = \"none\": not a whole number");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cairn.job                                             | a/b
                    cairn.job                                             | .
                    cairn.job                                             | a b
                    cairn.input.topics                                    | a$b
                    cairn.input.topics                                    | ..
                    cairn.input.topics                                    | ,
                    cairn.input.start                                     | middle
                    cairn.output.topic                                    | a,b
                    cairn.output.topic                                    | delays
                    cairn.dead-letter.topic                               | delays
                    cairn.errors                                          | ignore
                    cairn.threads                                         | many
                    cairn.status.interval                                 | -1s
                    kafka.bootstrap.servers                               | broker
                    kafka.bootstrap.servers                               | broker:9092,other:70000
                    kafka.bootstrap.servers                               | http://broker:9092/x
                    state.checkpoints.dir                                 | hdfs://name/x
                    state.checkpoints.num-retained                        | 0
                    state.backend.incremental                             | yes
                    taskmanager.state.local.root-dirs                     | file:/x
                    taskmanager.state.local.root-dirs                     | a:./a
                    taskmanager.state.local.root-dirs                     | :
                    execution.checkpointing.interval                      | 9ms
                    execution.checkpointing.mode                          | EXACTLY
                    execution.checkpointing.timeout                       | 0
                    execution.checkpointing.timeout                       | 12d
                    execution.checkpointing.tolerable-failed-checkpoints  | -1
                    cairn.recovery.on-reset                               | hope
                    cairn.recovery.on-damage                              | hope
                    cairn.recovery.on-lost-input                          | cry
                    """)
    void shouldRefuse(String name, String value) {
        // Given
        Config config = Configurations.with(name, value);

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageStartingWith("There is 1 problem in the settings:\n  - " + name + " = \"" + value + "\": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket", "s3://bucket/", "s3://my.bucket-1/checkpoints/prod"})
    void shouldAcceptABucket(String location) {
        Config config = Configurations.with("state.checkpoints.dir", location);

        assertThat(SettingsReader.read(config).checkpoints().dir()).isEqualTo(location);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:bucket/x", "s3://", "s3:///x", "s3://B/x"})
    void shouldRefuseWhatNamesNoBucket(String location) {
        Config config = Configurations.with("state.checkpoints.dir", location);

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("it names no bucket. Write s3://bucket/prefix");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"broker:9092", "a:1, b:2", "[::1]:9092", "PLAINTEXT://localhost:32769", "OUTSIDE://10.0.0.1:9"})
    void shouldAcceptBrokers(String brokers) {
        // Given
        Config config = Configurations.with("kafka.bootstrap.servers", brokers);

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.kafka().clientProperties()).containsEntry("bootstrap.servers", brokers);
    }

    @Test
    void shouldRequireATopicForDeadLetters() {
        // Given
        Config config = Configurations.with("cairn.errors", "dead-letter");

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("cairn.dead-letter.topic: required by cairn.errors = dead-letter, but not set.");
    }

    @Test
    void shouldWarnOfATopicForDeadLettersThatIsNotUsed() {
        // Given
        Config config = Configurations.with("cairn.dead-letter.topic", "broken");

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.warnings()).singleElement().asString().startsWith("cairn.dead-letter.topic has no effect");
    }

    @Test
    void shouldCountThePauseAsPartOfATransaction() {
        // Given
        Config config = Configurations.with("execution.checkpointing.min-pause", "24d");

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("execution.checkpointing.timeout = \"5min\"")
                .withMessageContaining("execution.checkpointing.min-pause = 24d");
    }

    @Test
    void shouldDefaultToALocalDirectoryInDevelopment() {
        // Given
        var properties = Map.of(
                "kafka.bootstrap.servers", "broker:9092", "cairn.job", "flights", "cairn.input.topics", "delays");

        // When
        Settings settings = SettingsReader.read(Configurations.of(properties, Map.of("HOSTNAME", "laptop"), "dev"));

        // Then
        assertThat(settings.checkpoints().dir()).isEqualTo("file:./data/checkpoints");
    }

    @Test
    void shouldNameAReferenceThatLeadsNowhere() {
        // Given
        Config config = Configurations.with(Map.of(
                "cairn.job", "${jobs.name}", "kafka.bootstrap.servers", "${brokers}", "kafka.client.id", "${id}"));

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("There are 3 problems")
                .withMessageContaining("cairn.job = \"${jobs.name}\": refers to something that is not set.")
                .withMessageContaining("kafka.bootstrap.servers = \"${brokers}\": refers to")
                .withMessageContaining("kafka.client.id = \"${id}\": refers to");
    }

    @Test
    void shouldKeepAProblemOnOneLine() {
        // Given
        Config config = Configurations.with("cairn.job", "flights\nof today");

        // Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .satisfies(error -> assertThat(error.getMessage()).hasLineCount(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4-words", "fifteen-letters", "with a blank in its middle", "with-a-$-in-its-middle"})
    void shouldRefuseTokensThatAreNoSecretsAndNotRepeatThem(String token) {
        // When
        SettingsException refused = catchThrowableOfType(
                SettingsException.class,
                () -> SettingsReader.read(Configurations.with("cairn.security.operator-token", token)));

        // Then
        assertThat(refused.getMessage())
                .contains("cairn.security.operator-token", "hidden", "16 characters")
                .doesNotContain(token);
    }

    @Test
    void shouldRefuseASecretOfWorkersThatCanBeGuessedOrThatOthersHave() {
        // Given
        String token = "a-secret-of-some-length-that-is-long-enough";
        Config both = Configurations.with(
                Map.of("cairn.security.operator-token", token, "cairn.security.peer-secret", token));

        // When, Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() ->
                        SettingsReader.read(Configurations.with("cairn.security.peer-secret", token.substring(0, 31))))
                .withMessageContaining("32 characters")
                .withMessageNotContaining(token.substring(0, 31));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(both))
                .withMessageContaining("the same as cairn.security.operator-token")
                .withMessageNotContaining(token);
        assertThat(SecuritySettings.of(Configurations.with("cairn.security.peer-secret", token)))
                .satisfies(security -> assertThat(security.peerSecret()).contains(token))
                .satisfies(security -> assertThat(security.toString()).doesNotContain(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x",
                "worker-0:8080",
                "http:///path",
                "http://worker-0:99999",
                "http://worker-0:8080/",
                "http://worker-0:8080/path",
                "http://user@worker-0:8080",
                "http://worker-0:8080?a=b",
                "http://worker-0:8080#a"
            })
    void shouldRefuseAddressesThatAreMoreOrLessThanAHostAndAPort(String address) {
        // Given
        Config config = Configurations.with("cairn.advertised.address", address);

        // When, Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .withMessageContaining("Write http://host:port");
        assertThat(JobSettings.faultOfAddress(URI.create(address)))
                .as("the same for the addresses of others")
                .isPresent();
    }

    @Test
    void shouldRefuseOneTokenForBothRoles() {
        // Given
        String token = "a-secret-of-some-length";
        Config both = Configurations.with(
                Map.of("cairn.security.viewer-token", token, "cairn.security.operator-token", token));

        // When, Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(both))
                .withMessageContaining("the same as cairn.security.operator-token")
                .withMessageNotContaining(token);
        assertThat(SecuritySettings.of(Configurations.with("cairn.security.viewer-token", token)))
                .satisfies(security -> assertThat(security.viewerToken()).contains(token))
                .satisfies(security -> assertThat(security.operatorToken()).isEmpty())
                .satisfies(security -> assertThat(security.toString()).doesNotContain(token));
    }
}
