package dev.cairn.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.quarkus.runtime.ImageMode;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** Reads what is set for Kafka's clients, below {@code kafka.}. */
record KafkaSettingsReader(Config config, Findings findings) {

    static final String BOOTSTRAP_SERVERS = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

    private static final String PREFIX = "kafka.";

    /** Every property that has no problem, by the clients' own names; without the brokers, which the catalog has. */
    Map<String, String> read() {
        var properties = new TreeMap<String, String>();
        Set<String> known = KafkaSettings.knownNames();
        var names = new TreeSet<>(known);
        names.addAll(namesForPlugIns(known));
        names.remove(BOOTSTRAP_SERVERS);
        for (String name : names) {
            ConfigValue value = config.getConfigValue(PREFIX + name);
            if (SettingValues.isUnresolved(value)) {
                findings.problem(SettingValues.unresolved(value.getName(), shown(name, value.getRawValue())));
            } else if (isSet(name, value.getValue())) {
                problemOf(name, value.getValue().strip())
                        .ifPresentOrElse(
                                findings::problem,
                                () -> properties.put(name, value.getValue().strip()));
            }
        }
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            kerberosIn(properties).ifPresent(findings::problem);
        }
        return properties;
    }

    /** Quarkus leaves Kerberos out of executables: the first connection would end in "Not implemented on native". */
    private static Optional<Problem> kerberosIn(Map<String, String> properties) {
        String name = SaslConfigs.SASL_MECHANISM;
        String protocol = properties.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "");
        Optional<String> mechanism = Optional.ofNullable(properties.get(name));
        if (!protocol.toUpperCase(Locale.ROOT).startsWith("SASL_")
                || !mechanism.orElse(SaslConfigs.DEFAULT_SASL_MECHANISM).equals(SaslConfigs.GSSAPI_MECHANISM)) {
            return Optional.empty();
        }
        String cause = mechanism.isPresent()
                ? "Kerberos does not work in a native executable"
                : "with kafka.security.protocol = " + protocol
                        + " the default is GSSAPI, Kerberos, which does not work in a native executable";
        return Optional.of(new Problem(
                PREFIX + name,
                mechanism,
                cause,
                "Run the jar or its image, or choose another mechanism, such as SCRAM-SHA-512."));
    }

    /**
     * The names that no client knows. What the environment holds is no such name: KAFKA_HOME and KAFKA_OPTS belong to
     * someone else, so only known names are asked for there.
     */
    private Set<String> namesForPlugIns(Set<String> known) {
        var names = new TreeSet<String>();
        PropertyNames.outsideEnvironment(config)
                .filter(name -> name.startsWith(PREFIX) && name.length() > PREFIX.length())
                .map(name -> name.substring(PREFIX.length()))
                .filter(name -> !known.contains(name))
                .forEach(names::add);
        names.forEach(name -> NearestName.to(name, known)
                .ifPresent(near -> findings.warning(
                        "%s is not known to Kafka's clients and is passed on for their plug-ins. Was %s meant?"
                                .formatted(PREFIX + name, PREFIX + near))));
        return names;
    }

    private static boolean isSet(String name, String value) {
        if (value == null) {
            return false;
        }
        // The one setting that means something when it is empty: certificates are not checked against host names.
        return !value.isBlank() || name.equals(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
    }

    private static Optional<Problem> problemOf(String name, String value) {
        return ReservedKafkaSetting.problemOf(name, value).or(() -> refusedByClient(name, value));
    }

    private static Optional<Problem> refusedByClient(String name, String value) {
        return definitionsOf(name)
                .flatMap(definition -> refusal(definition, value).stream())
                .findFirst();
    }

    private static Optional<Problem> refusal(ConfigDef.ConfigKey definition, String value) {
        try {
            Object parsed = ConfigDef.parseType(definition.name, value, definition.type);
            if (definition.validator != null) {
                definition.validator.ensureValid(definition.name, parsed);
            }
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(Problem.ofValue(
                    PREFIX + definition.name,
                    shown(definition.name, value),
                    "refused by Kafka's client (" + shown(definition.name, e.getMessage()) + ")",
                    "See Kafka's documentation of " + definition.name + "."));
        }
    }

    /** A text about a setting as it may appear in a log: what the clients do not know, or know as a password, is hidden. */
    private static String shown(String name, String text) {
        boolean harmless = definitionsOf(name).findAny().isPresent()
                && definitionsOf(name).noneMatch(definition -> definition.type == ConfigDef.Type.PASSWORD);
        return harmless ? text : "hidden";
    }

    /** What the clients say of one of their settings. */
    static Stream<ConfigDef.ConfigKey> definitionsOf(String name) {
        return Stream.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())
                .map(definitions -> definitions.configKeys().get(name))
                .filter(Objects::nonNull);
    }
}
