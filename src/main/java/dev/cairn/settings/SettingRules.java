package dev.cairn.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.cairn.storage.S3Encryption;

/** What settings demand of each other. A rule about a setting that cannot be used anyway is left out. */
final class SettingRules {

    // Kafka counts a transaction's time-out in an int of milliseconds, a little under 25 days; the worker's own margin
    // has to fit too.
    private static final Duration LONGEST_TRANSACTION = Duration.ofDays(24);

    private final SettingValues values;
    private final Findings findings;

    SettingRules(SettingValues values, Findings findings) {
        this.values = values;
        this.findings = findings;
    }

    void checkJob() {
        topicIsNoInput(JobSettings.OUTPUT_TOPIC);
        topicIsNoInput(JobSettings.DEAD_LETTER_TOPIC);
        deadLettersHaveATopic();
    }

    void checkSecurity() {
        tokensDiffer();
        peerSecretIsNoToken(SecuritySettings.VIEWER_TOKEN);
        peerSecretIsNoToken(SecuritySettings.OPERATOR_TOKEN);
    }

    private void topicIsNoInput(Setting<Optional<String>> setting) {
        List<String> inputs = values.find(JobSettings.INPUT_TOPICS).orElse(List.of());
        values.find(setting)
                .flatMap(topic -> topic)
                .filter(inputs::contains)
                .ifPresent(topic -> findings.problem(Problem.ofValue(
                        setting.name(),
                        topic,
                        "also one of " + JobSettings.INPUT_TOPICS.name() + ", so the job would read what it writes",
                        "Name another topic.")));
    }

    private void deadLettersHaveATopic() {
        Setting<Optional<String>> topic = JobSettings.DEAD_LETTER_TOPIC;
        if (values.find(JobSettings.ERRORS).isEmpty() || values.find(topic).isEmpty()) {
            return;
        }
        boolean used = values.get(JobSettings.ERRORS) == ErrorPolicy.DEAD_LETTER;
        boolean named = values.get(topic).isPresent();
        String errors = JobSettings.ERRORS.name() + " = " + values.text(JobSettings.ERRORS);
        if (used && !named) {
            findings.problem(Problem.ofMissing(
                    topic.name(),
                    "required by " + errors + ", but not set",
                    "Name a topic, or set %s to fail or skip.".formatted(JobSettings.ERRORS.name())));
        } else if (named && !used) {
            findings.warning("%s has no effect, as %s; only dead-letter uses it.".formatted(topic.name(), errors));
        }
    }

    void checkS3() {
        Optional<S3Encryption> encryption = values.find(S3Settings.S3_ENCRYPTION);
        boolean key =
                values.find(S3Settings.S3_KMS_KEY).flatMap(named -> named).isPresent();
        if (key && encryption.isPresent() && encryption.get() != S3Encryption.SSE_KMS) {
            findings.problem(Problem.ofValue(
                    S3Settings.S3_KMS_KEY.name(),
                    values.text(S3Settings.S3_KMS_KEY),
                    "of no use with " + S3Settings.S3_ENCRYPTION.name() + " = "
                            + values.text(S3Settings.S3_ENCRYPTION),
                    "Set %s to sse-kms, or name no key.".formatted(S3Settings.S3_ENCRYPTION.name())));
        }
    }

    private void tokensDiffer() {
        Optional<String> viewer = values.find(SecuritySettings.VIEWER_TOKEN).flatMap(token -> token);
        if (viewer.isPresent()
                && viewer.equals(values.find(SecuritySettings.OPERATOR_TOKEN).flatMap(token -> token))) {
            findings.problem(Problem.ofValue(
                    SecuritySettings.VIEWER_TOKEN.name(),
                    "hidden",
                    "the same as " + SecuritySettings.OPERATOR_TOKEN.name() + ", so whoever reads could control",
                    "Give each a token of its own, or set the operator's alone."));
        }
    }

    private void peerSecretIsNoToken(Setting<Optional<String>> token) {
        Optional<String> secret = values.find(SecuritySettings.PEER_SECRET).flatMap(text -> text);
        if (secret.isPresent() && secret.equals(values.find(token).flatMap(text -> text))) {
            findings.problem(Problem.ofValue(
                    SecuritySettings.PEER_SECRET.name(),
                    "hidden",
                    "the same as " + token.name() + ", so whoever has that token could pass for a worker",
                    "Give the workers a secret of their own."));
        }
    }

    void checkCheckpoints() {
        Optional<Duration> interval = values.find(CheckpointSettings.INTERVAL);
        Optional<Duration> minPause = values.find(CheckpointSettings.MIN_PAUSE);
        Optional<Duration> timeout = values.find(CheckpointSettings.TIMEOUT);
        if (interval.isEmpty() || minPause.isEmpty() || timeout.isEmpty()) {
            return;
        }
        Duration longest =
                interval.get().plus(minPause.get()).plus(timeout.get().multipliedBy(2));
        if (longest.compareTo(LONGEST_TRANSACTION) > 0) {
            findings.problem(Problem.ofValue(
                    CheckpointSettings.TIMEOUT.name(),
                    values.text(CheckpointSettings.TIMEOUT),
                    "with %s = %s and %s = %s a transaction could last longer than Kafka can express"
                            .formatted(
                                    CheckpointSettings.INTERVAL.name(),
                                    values.text(CheckpointSettings.INTERVAL),
                                    CheckpointSettings.MIN_PAUSE.name(),
                                    values.text(CheckpointSettings.MIN_PAUSE)),
                    "Keep interval + min-pause + 2 x timeout within %s days.".formatted(LONGEST_TRANSACTION.toDays())));
        }
    }
}
