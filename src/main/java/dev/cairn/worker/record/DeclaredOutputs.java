package dev.cairn.worker.record;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Output;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.settings.NamedTopics;
import dev.cairn.state.RecordScope;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.status.StopWorkerException;

/** The outputs that a processor has declared. */
final class DeclaredOutputs {

    private final JobSettings job;
    private final Outputs outputs;
    private final RecordScope scope;
    private final RecordCollector collector;
    private final Set<String> names = new LinkedHashSet<>();

    DeclaredOutputs(JobSettings job, Outputs outputs, RecordScope scope) {
        this.job = job;
        this.outputs = outputs;
        this.scope = scope;
        this.collector = new RecordCollector(outputs);
    }

    /** What holds the results of all of them. */
    RecordCollector collector() {
        return collector;
    }

    /** The output without a name; {@code null} where the job has a topic for it, but a serde is missing. */
    <K, V> Output<K, V> main(Serde<K> key, Serde<V> value) {
        String topic = job.outputTopic().orElse(null);
        if (topic == null) {
            return RecordOutput.without(scope);
        }
        return key == null || value == null ? null : RecordOutput.to(topic, topic, key, value, collector, scope);
    }

    /**
     * An output with a name.
     *
     * @throws IllegalArgumentException when the name is malformed or taken, or a serde is missing
     * @throws StopWorkerException when the job cannot write to its topic
     */
    <K, V> Output<K, V> add(String name, Serde<K> key, Serde<V> value) {
        DeclaredName.check("output", name, names, key, value);
        names.add(name);
        NamedTopics topics = job.namedOutputs();
        String topic = topics.topic(name);
        if (job.inputTopics().contains(topic)) {
            throw new StopWorkerException("the topic " + topic + " of the output '" + name
                    + "' is also an input, so the job would read what it writes: name another one by "
                    + topics.setting(name));
        }
        if (job.writtenTopics().isEmpty()) {
            throw new StopWorkerException("the processor declares the output '" + name
                    + "', but no setting of the job names a topic that it writes to, so it was started without"
                    + " transactions: set " + topics.setting(name) + "=" + topic);
        }
        outputs.add(topic, topics.setting(name));
        return RecordOutput.to(name, topic, key, value, collector, scope);
    }

    /** @throws StopWorkerException when one is missing, or a setting names one that is not declared */
    void check(boolean hasMain) {
        if (!hasMain && job.outputTopic().isPresent()) {
            throw new StopWorkerException(
                    "the job has an output topic, but the processor does not declare how results are written: call"
                            + " declare.output(...), or do not set " + SettingNames.OUTPUT_TOPIC);
        }
        List<String> unknown = job.namedOutputs().others(names);
        if (!unknown.isEmpty()) {
            throw new StopWorkerException(unknown.get(0) + " names an output that the processor does not declare: "
                    + DeclaredName.correct(names));
        }
    }
}
