package dev.cairn.test;

import java.util.HashMap;
import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;
import dev.cairn.settings.StateBackend;

/** The settings of a test: a worker's, with names for what a test need not name. Nothing is read from the environment. */
record TestSettings(Settings worker, boolean namesOutput) {

    private static final long MAX_REQUEST_BYTES = 1 << 20;

    private static final Map<String, String> DEFAULTS = Map.of(
            SettingNames.KAFKA_BOOTSTRAP_SERVERS, "none:9092",
            SettingNames.JOB, "test",
            SettingNames.INPUT_TOPICS, "input",
            SettingNames.OUTPUT_TOPIC, "output",
            SettingNames.DEAD_LETTER_TOPIC, "dead-letters",
            SettingNames.THREADS, "1",
            SettingNames.INSTANCE, "test",
            SettingNames.CHECKPOINTS_DIR, "file:/none",
            "cairn.advertised.address", "http://none:8080");

    /** @throws IllegalArgumentException when a setting does not exist, or its value cannot be used */
    static TestSettings read(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(DEFAULTS);
        all.putAll(given);
        var config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        try {
            return new TestSettings(SettingsReader.read(config), given.containsKey(SettingNames.OUTPUT_TOPIC));
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Where records are sent that name no topic. */
    String inputTopic() {
        return worker.job().inputTopics().get(0);
    }

    /** Where results go; {@code null} where they are dropped. */
    String outputTopic() {
        return worker.job().outputTopic().orElse(null);
    }

    boolean exactlyOnce() {
        return worker.checkpoints().mode() == CheckpointMode.EXACTLY_ONCE;
    }

    boolean holdsAllOnHeap() {
        return worker.local().backend() == StateBackend.HASHMAP;
    }

    /** Bytes of the largest record that may be written. */
    long maxRequestBytes() {
        String set = worker.kafka().clientProperties().get("max.request.size");
        return set == null ? MAX_REQUEST_BYTES : Long.parseLong(set);
    }
}
