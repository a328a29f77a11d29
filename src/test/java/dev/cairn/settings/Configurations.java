package dev.cairn.settings;

import java.util.HashMap;
import java.util.Map;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Configurations as the application sees them: properties of a file and environment variables. */
final class Configurations {

    private static final Map<String, String> LEAST = Map.of(
            "kafka.bootstrap.servers", "broker:9092",
            "cairn.job", "flights",
            "cairn.input.topics", "delays",
            "cairn.instance", "worker-0",
            "cairn.advertised.address", "http://worker-0:8080",
            "state.checkpoints.dir", "file:/checkpoints");

    private Configurations() {}

    /** Nothing but what is given. */
    static SmallRyeConfig of(Map<String, String> properties, Map<String, String> environment, String... profiles) {
        var builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(
                        new PropertiesConfigSource(properties, "application.properties", 250),
                        new EnvConfigSource(environment, 300));
        for (String profile : profiles) {
            builder.withProfile(profile);
        }
        return builder.build();
    }

    /** What a job needs at least, with these properties in addition or instead. */
    static SmallRyeConfig with(Map<String, String> properties) {
        return with(properties, Map.of());
    }

    /** What a job needs at least, with these properties and environment variables in addition or instead. */
    static SmallRyeConfig with(Map<String, String> properties, Map<String, String> environment) {
        var all = new HashMap<>(LEAST);
        all.putAll(properties);
        return of(all, environment);
    }

    static SmallRyeConfig with(String name, String value) {
        return with(Map.of(name, value));
    }
}
