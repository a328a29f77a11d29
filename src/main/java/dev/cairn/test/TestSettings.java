package dev.cairn.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.JobSettings;
import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;
import dev.cairn.settings.StateBackend;

/** The settings of a test: a worker's, with names for what a test need not name. Nothing is read from the environment. */
final class TestSettings {

    private static final String INPUT = "input";
    private static final String OUTPUT = "output";
    private static final long MAX_REQUEST_BYTES = 1 << 20;

    private static final Map<String, String> DEFAULTS = Map.of(
            SettingNames.KAFKA_BOOTSTRAP_SERVERS,
            "none:9092",
            SettingNames.JOB,
            "test",
            SettingNames.INPUT_TOPICS,
            INPUT,
            SettingNames.DEAD_LETTER_TOPIC,
            "dead-letters",
            SettingNames.THREADS,
            "1",
            SettingNames.INSTANCE,
            "test",
            SettingNames.CHECKPOINTS_DIR,
            "file:/none",
            SettingNames.ADVERTISED_ADDRESS,
            "http://none:8080");

    private final Map<String, String> given;
    private final Settings settings;

    private TestSettings(Map<String, String> given, Settings settings) {
        this.given = given;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException when a setting does not exist, or its value cannot be used */
    static TestSettings read(Map<String, String> given) {
        try {
            return new TestSettings(Map.copyOf(given), SettingsReader.read(config(given, Map.of())));
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Config config(Map<String, String> given, Map<String, String> declared) {
        Map<String, String> all = new HashMap<>(DEFAULTS);
        all.putAll(declared);
        all.putAll(given);
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
    }

    /** What the test has set, with topics for what a processor declares. */
    JobSettings jobOf(ObservedDeclaration<?, ?, ?, ?> declared) {
        List<String> inputs = new ArrayList<>();
        if (declared.input() != null || declared.inputs().isEmpty()) {
            inputs.add(INPUT);
        }
        declared.inputs()
                .keySet()
                .forEach(name -> inputs.add(settings.job().namedInputs().topic(name)));
        Map<String, String> topics = new HashMap<>(Map.of(SettingNames.INPUT_TOPICS, String.join(",", inputs)));
        if (declared.output() != null) {
            topics.put(SettingNames.OUTPUT_TOPIC, OUTPUT);
        }
        return JobSettings.of(config(given, topics));
    }

    /** Without the topics of what a processor declares. */
    Settings worker() {
        return settings;
    }

    boolean exactlyOnce() {
        return settings.checkpoints().mode() == CheckpointMode.EXACTLY_ONCE;
    }

    boolean holdsAllOnHeap() {
        return settings.local().backend() == StateBackend.HASHMAP;
    }

    /** Bytes of the largest record that may be written. */
    long maxRequestBytes() {
        String set = settings.kafka().clientProperties().get("max.request.size");
        return set == null ? MAX_REQUEST_BYTES : Long.parseLong(set);
    }
}
