package dev.cairn.worker.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.InputHandler;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.settings.NamedTopics;
import dev.cairn.worker.status.StopWorkerException;

/** The inputs that a processor has declared. Each topic of the job is the one of a named input, or one of the others. */
final class DeclaredInputs {

    private final JobSettings job;
    private final Map<String, RecordInput<?, ?>> named = new LinkedHashMap<>();
    private RecordInput<?, ?> others;
    private boolean isIncomplete;

    DeclaredInputs(JobSettings job) {
        this.job = job;
    }

    /** How the records are read that no named input has; the last time counts. */
    <K, V> void others(Serde<K> key, Serde<V> value, InputHandler<K, V> handler) {
        isIncomplete = key == null || value == null;
        others = isIncomplete ? null : RecordInput.of(null, key, value, handler);
    }

    /** @throws IllegalArgumentException when the name is malformed or taken, or something is missing */
    <K, V> void add(String name, Serde<K> key, Serde<V> value, InputHandler<K, V> handler) {
        DeclaredName.check("input", name, named.keySet(), key, value);
        if (handler == null) {
            throw new IllegalArgumentException("the input '" + name + "' is declared without a handler");
        }
        named.put(name, RecordInput.of(job.namedInputs().topic(name), key, value, handler));
    }

    /**
     * All of them, those without a topic last.
     *
     * @throws StopWorkerException when one is missing, or would never be read
     */
    List<RecordInput<?, ?>> checked() {
        NamedTopics topics = job.namedInputs();
        List<String> rest = new ArrayList<>(job.inputTopics());
        named.forEach((name, input) -> {
            if (!rest.remove(input.topic())) {
                throw new StopWorkerException(
                        job.inputTopics().contains(input.topic())
                                ? "two inputs of the processor read the topic " + input.topic()
                                        + ": set another one for the input '" + name + "' by " + topics.setting(name)
                                : "the processor declares the input '" + name
                                        + "', but the job does not read the topic "
                                        + input.topic() + ": add it to " + SettingNames.INPUT_TOPICS
                                        + ", or name the input's topic by " + topics.setting(name));
            }
        });
        List<String> unknown = topics.others(named.keySet());
        if (!unknown.isEmpty()) {
            throw new StopWorkerException(unknown.get(0) + " names an input that the processor does not declare: "
                    + DeclaredName.correct(named.keySet()));
        }
        if (!rest.isEmpty() && others == null) {
            throw new StopWorkerException(
                    named.isEmpty() || isIncomplete
                            ? "the processor does not declare how its input is read: call declare.input(...)"
                            : "the processor does not declare how the topic " + rest.get(0)
                                    + " is read: declare an input"
                                    + " of this name, or one without a name, or remove the topic from "
                                    + SettingNames.INPUT_TOPICS);
        }
        if (rest.isEmpty() && others != null) {
            throw new StopWorkerException(
                    "the processor declares an input without a name, but each topic of the job is that"
                            + " of a named input: add its topic to " + SettingNames.INPUT_TOPICS);
        }
        List<RecordInput<?, ?>> inputs = new ArrayList<>(named.values());
        if (others != null) {
            inputs.add(others);
        }
        return inputs;
    }
}
