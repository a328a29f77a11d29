package dev.cairn.settings;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cairn.names.SettingNames;
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
        namedTopicsAreOfUse();
        retriesHaveOrder();
        deadLettersHaveATopic();
    }

    private void namedTopicsAreOfUse() {
        Map<String, String> inputs = new HashMap<>();
        values.topics(NamedTopics.INPUT).bySetting().forEach((setting, topic) -> {
            String other = inputs.putIfAbsent(topic, setting);
            if (other != null) {
                findings.problem(Problem.ofValue(
                        setting, topic, "also the topic of " + other, "Give each input a topic of its own."));
            }
        });
        values.topics(NamedTopics.OUTPUT).bySetting().forEach((setting, topic) -> {
            if (inputs().contains(topic)) {
                findings.problem(Problem.ofValue(
                        setting, topic, "also an input, so the job would read what it writes", "Name another topic."));
            }
        });
    }

    private void retriesHaveOrder() {
        Optional<Duration> first = values.find(JobSettings.RETRY_BACKOFF);
        Optional<Duration> longest = values.find(JobSettings.RETRY_MAX_BACKOFF);
        if (first.isPresent() && longest.isPresent() && longest.get().compareTo(first.get()) < 0) {
            problem(
                    JobSettings.RETRY_MAX_BACKOFF,
                    "less than " + written(JobSettings.RETRY_BACKOFF),
                    "Raise it, or lower " + JobSettings.RETRY_BACKOFF.name() + ".");
        }
    }

    private Set<String> inputs() {
        Set<String> inputs = new HashSet<>(values.find(JobSettings.INPUT_TOPICS).orElse(List.of()));
        inputs.addAll(values.topics(NamedTopics.INPUT).topics());
        return inputs;
    }

    private void topicIsNoInput(Setting<Optional<String>> setting) {
        if (given(setting).filter(inputs()::contains).isPresent()) {
            problem(
                    setting,
                    "also one of " + SettingNames.INPUT_TOPICS + ", so the job would read what it writes",
                    "Name another topic.");
        }
    }

    private void deadLettersHaveATopic() {
        Optional<ErrorPolicy> policy = values.find(JobSettings.ERRORS);
        if (policy.isEmpty() || values.find(JobSettings.DEAD_LETTER_TOPIC).isEmpty()) {
            return;
        }
        boolean used = policy.get() == ErrorPolicy.DEAD_LETTER;
        boolean named = given(JobSettings.DEAD_LETTER_TOPIC).isPresent();
        String errors = written(JobSettings.ERRORS);
        if (used && !named) {
            findings.problem(Problem.ofMissing(
                    SettingNames.DEAD_LETTER_TOPIC,
                    "required by " + errors + ", but not set",
                    "Name a topic, or set " + SettingNames.ERRORS + " to fail or skip."));
        } else if (named && !used) {
            findings.warning(
                    SettingNames.DEAD_LETTER_TOPIC + " has no effect, as " + errors + "; only dead-letter uses it.");
        }
    }

    void checkS3() {
        Optional<S3Encryption> other =
                values.find(S3Settings.S3_ENCRYPTION).filter(encryption -> encryption != S3Encryption.SSE_KMS);
        if (given(S3Settings.S3_KMS_KEY).isPresent() && other.isPresent()) {
            problem(
                    S3Settings.S3_KMS_KEY,
                    "of no use with " + written(S3Settings.S3_ENCRYPTION),
                    "Set " + SettingNames.S3_ENCRYPTION + " to sse-kms, or name no key.");
        }
    }

    void checkSecurity() {
        differ(
                SecuritySettings.VIEWER_TOKEN,
                SecuritySettings.OPERATOR_TOKEN,
                "anyone who reads could control",
                "Give each a token of its own, or set only the operator's.");
        for (Setting<Optional<String>> token :
                List.of(SecuritySettings.VIEWER_TOKEN, SecuritySettings.OPERATOR_TOKEN)) {
            differ(
                    SecuritySettings.PEER_SECRET,
                    token,
                    "anyone who has that token could pass for a worker",
                    "Give the workers a secret of their own.");
        }
    }

    private void differ(
            Setting<Optional<String>> secret, Setting<Optional<String>> other, String danger, String wayOut) {
        if (given(secret).isPresent() && given(secret).equals(given(other))) {
            problem(secret, "the same as " + other.name() + ", so " + danger, wayOut);
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
            problem(
                    CheckpointSettings.TIMEOUT,
                    "with " + written(CheckpointSettings.INTERVAL) + " and " + written(CheckpointSettings.MIN_PAUSE)
                            + " a transaction could last longer than Kafka can express",
                    "Keep interval + min-pause + 2 x timeout within " + LONGEST_TRANSACTION.toDays() + " days.");
        }
    }

    private Optional<String> given(Setting<Optional<String>> setting) {
        return values.find(setting).flatMap(text -> text);
    }

    private String written(Setting<?> setting) {
        return setting.name() + " = " + values.text(setting);
    }

    private void problem(Setting<?> setting, String cause, String wayOut) {
        String value = setting.secret() ? "hidden" : values.text(setting);
        findings.problem(Problem.ofValue(setting.name(), value, cause, wayOut));
    }
}
