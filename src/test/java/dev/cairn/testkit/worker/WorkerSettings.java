package dev.cairn.testkit.worker;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;

import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsReader;

/**
 * The description of a worker under test, whatever it runs as: in this JVM, as a process, in a container. It has a method for
 * each setting that most of them need; what is not set has Cairn's default. A later call replaces what an earlier one has set.
 * Not thread-safe.
 */
public final class WorkerSettings {

    private final Map<String, String> settings = new LinkedHashMap<>();

    /** The brokers, and the job that the worker belongs to. */
    public WorkerSettings job(String bootstrapServers, String name) {
        return set("kafka.bootstrap.servers", bootstrapServers).set("cairn.job", name);
    }

    /** Its input topics. */
    public WorkerSettings reads(String... topics) {
        return set("cairn.input.topics", String.join(",", topics));
    }

    /** Its output topic. */
    public WorkerSettings writes(String topic) {
        return set("cairn.output.topic", topic);
    }

    /** It aggregates the numbers at this JSON pointer. */
    public WorkerSettings aggregates(String pointer) {
        return set("cairn.processor", "aggregate").set("cairn.aggregate.value", pointer);
    }

    /** Its name among the workers of its job. */
    public WorkerSettings instance(String name) {
        return set("cairn.instance", name);
    }

    /** How many loops it has. */
    public WorkerSettings threads(int count) {
        return set("cairn.threads", Integer.toString(count));
    }

    /** It keeps checkpoints and local state in directories below this one. */
    public WorkerSettings below(Path directory) {
        return checkpointsIn(directory.resolve("checkpoints").toUri().toString())
                .localStateIn(directory.resolve("local"));
    }

    /** Where its checkpoints are: a path or a URI. */
    public WorkerSettings checkpointsIn(String location) {
        return set("state.checkpoints.dir", location);
    }

    /** Where its local databases are. */
    public WorkerSettings localStateIn(Path directory) {
        return set("taskmanager.state.local.root-dirs", directory.toString());
    }

    /** How often it takes a checkpoint, such as {@code 200ms}. */
    public WorkerSettings checkpointsEvery(String interval) {
        return set("execution.checkpointing.interval", interval);
    }

    /** How often it logs its status, such as {@code 1s}; {@code 0s} for never. */
    public WorkerSettings statusEvery(String interval) {
        return set("cairn.status.interval", interval);
    }

    /** Any other setting, by its name. */
    public WorkerSettings set(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Other settings, by their names. */
    public WorkerSettings set(Map<String, String> others) {
        settings.putAll(others);
        return this;
    }

    /** The settings by their names, as a process gets them. */
    public Map<String, String> asMap() {
        return new LinkedHashMap<>(settings);
    }

    /** The settings as a worker in this JVM gets them, with nothing of the environment. */
    public Settings read() {
        return SettingsReader.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build());
    }
}
