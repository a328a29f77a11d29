package dev.cairn.nativeimage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.Login;
import org.apache.kafka.common.security.auth.SecurityProviderCreator;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.oauthbearer.JwtRetriever;
import org.apache.kafka.common.security.oauthbearer.JwtValidator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** The settings of Kafka's clients whose values are names of classes. */
final class KafkaClassSettings {

    /** Quarkus registers what implements them: {@code KafkaProcessor} in {@code quarkus-kafka-client-deployment}. */
    private static final Map<String, Class<?>> KNOWN_TO_QUARKUS = Map.ofEntries(
            Map.entry("key.serializer", Serializer.class),
            Map.entry("value.serializer", Serializer.class),
            Map.entry("key.deserializer", Deserializer.class),
            Map.entry("value.deserializer", Deserializer.class),
            Map.entry("partitioner.class", Partitioner.class),
            Map.entry("partition.assignment.strategy", ConsumerPartitionAssignor.class),
            Map.entry("interceptor.classes of consumers", ConsumerInterceptor.class),
            Map.entry("interceptor.classes of producers", ProducerInterceptor.class),
            Map.entry("metric.reporters", MetricsReporter.class),
            Map.entry("sasl.client.callback.handler.class", AuthenticateCallbackHandler.class),
            Map.entry("sasl.login.callback.handler.class", AuthenticateCallbackHandler.class));

    /** The others. The clients read {@code config.providers} before their definitions, which lack it. */
    private static final Map<String, Class<?>> OTHERS = Map.of(
            "config.providers", ConfigProvider.class,
            "sasl.login.class", Login.class,
            "sasl.oauthbearer.jwt.retriever.class", JwtRetriever.class,
            "sasl.oauthbearer.jwt.validator.class", JwtValidator.class,
            "security.providers", SecurityProviderCreator.class,
            "ssl.engine.factory.class", SslEngineFactory.class);

    private KafkaClassSettings() {}

    /** What a class implements that such a setting names, and Quarkus does not register. */
    static Collection<Class<?>> unknownToQuarkus() {
        return OTHERS.values();
    }

    /** The names of all such settings that are known here. */
    static Set<String> known() {
        return Stream.of(KNOWN_TO_QUARKUS, OTHERS)
                .flatMap(settings -> settings.keySet().stream())
                .map(name -> name.replaceFirst(" of .*", ""))
                .collect(Collectors.toSet());
    }

    /** Those that the consumer, the producer and the admin client define, by name. */
    static Map<String, ConfigKey> defined() {
        Map<String, ConfigKey> defined = new TreeMap<>();
        Stream.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())
                .flatMap(definitions -> definitions.configKeys().values().stream())
                .filter(KafkaClassSettings::namesClasses)
                .forEach(key -> defined.put(key.name, key));
        return defined;
    }

    private static boolean namesClasses(ConfigKey key) {
        return key.type == ConfigDef.Type.CLASS
                || String.valueOf(key.documentation).strip().matches("(?s)A list of [\\w ]*class.*")
                || !defaults(key).isEmpty();
    }

    /** The names of Kafka's classes that a setting has by default. */
    static List<String> defaults(ConfigKey key) {
        Collection<?> values = key.defaultValue instanceof Collection<?> many
                ? many
                : Stream.ofNullable(key.defaultValue).toList();
        return values.stream()
                .map(value -> value instanceof Class<?> type ? type.getName() : value.toString())
                .filter(name -> name.startsWith("org.apache.kafka."))
                .toList();
    }
}
