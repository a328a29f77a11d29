package dev.cairn.settings;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;

/**
 * What was set for Kafka's clients. Immutable.
 *
 * @param clientProperties the clients' own names (without {@code kafka.}) and what they are set to; always has {@code
 *     bootstrap.servers}, never a setting that Cairn decides by itself
 */
public record KafkaSettings(Map<String, String> clientProperties) {

    static final SettingGroup GROUP = new SettingGroup();

    static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = GROUP.add(
            SettingNames.KAFKA_BOOTSTRAP_SERVERS,
            Fallback.required(),
            "Kafka's brokers as `host:port`, several separated by commas. Any other client setting is written the same"
                    + " way, such as `kafka.security.protocol`.",
            Parsers.brokers());

    public KafkaSettings {
        clientProperties = Collections.unmodifiableMap(new TreeMap<>(clientProperties));
    }

    /**
     * Reads how to reach Kafka, for who asks it without running the job.
     *
     * @return nothing where no brokers are set
     * @throws SettingsException if it cannot be used
     */
    public static Optional<KafkaSettings> of(Config config) {
        if (!new SettingValues(config).isSet(KAFKA_BOOTSTRAP_SERVERS)) {
            return Optional.empty();
        }
        var findings = new Findings();
        SettingValues values = new SettingValues(config, findings);
        values.find(KAFKA_BOOTSTRAP_SERVERS);
        Map<String, String> clientProperties = new KafkaSettingsReader(config, findings).read();
        findings.throwIfAnyProblem();
        return Optional.of(of(values, clientProperties));
    }

    static KafkaSettings of(SettingValues values, Map<String, String> clientProperties) {
        var properties = new HashMap<>(clientProperties);
        properties.put(KafkaSettingsReader.BOOTSTRAP_SERVERS, values.get(KAFKA_BOOTSTRAP_SERVERS));
        return new KafkaSettings(properties);
    }

    /** What a consumer is given, in a new map that the caller may add to. */
    public Map<String, Object> consumer() {
        return propertiesOf(ConsumerConfig.configNames());
    }

    /** What a producer is given, in a new map that the caller may add to. */
    public Map<String, Object> producer() {
        return propertiesOf(ProducerConfig.configNames());
    }

    /** What an admin client is given, in a new map that the caller may add to. */
    public Map<String, Object> admin() {
        return propertiesOf(AdminClientConfig.configNames());
    }

    /** Every name that a consumer, a producer or an admin client knows. */
    static Set<String> knownNames() {
        var names = new HashSet<String>();
        Stream.of(ConsumerConfig.configNames(), ProducerConfig.configNames(), AdminClientConfig.configNames())
                .forEach(names::addAll);
        return names;
    }

    private Map<String, Object> propertiesOf(Set<String> clientNames) {
        // A name that no client knows is for a plug-in (an interceptor, a login module), which may sit in any of them.
        Set<String> known = knownNames();
        var properties = new HashMap<String, Object>();
        clientProperties.forEach((name, value) -> {
            if (clientNames.contains(name) || !known.contains(name)) {
                properties.put(name, value);
            }
        });
        return properties;
    }

    /** Names only: the values hold passwords. */
    @Override
    public String toString() {
        return "KafkaSettings" + clientProperties.keySet();
    }
}
