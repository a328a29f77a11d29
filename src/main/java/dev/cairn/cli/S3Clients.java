package dev.cairn.cli;

import java.util.List;
import java.util.Optional;

import io.quarkiverse.amazon.common.runtime.AmazonClientApacheTransportRecorder;
import io.quarkiverse.amazon.common.runtime.AmazonClientBuilderRecorder;
import io.quarkiverse.amazon.common.runtime.AmazonClientCommonRecorder;
import io.quarkiverse.amazon.common.runtime.ClientUtil;
import io.quarkiverse.amazon.common.runtime.SdkBuildTimeConfig;
import io.quarkiverse.amazon.s3.runtime.S3Config;
import io.quarkiverse.amazon.s3.runtime.S3Recorder;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.configuration.QuarkusConfigBuilderCustomizer;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The worker's client of S3 for commands, which run without Quarkus: made by the code of {@code quarkus-amazon-s3} that makes
 * the worker's, from the same settings.
 */
final class S3Clients {

    private static final String SERVICE = "s3";

    private S3Clients() {}

    /** A client as the settings {@code quarkus.s3.*} describe it. The caller closes it. */
    static S3Client of(Config config) {
        return builder(config).build();
    }

    static S3ClientBuilder builder(Config config) {
        RuntimeValue<S3Config> settings = new RuntimeValue<>(settings(config.unwrap(SmallRyeConfig.class)));
        S3Recorder s3 = new S3Recorder(settings);
        var transport = new AmazonClientApacheTransportRecorder().configureSync(SERVICE, s3.getSyncConfig());
        var builder = new AmazonClientBuilderRecorder().createSyncBuilder(s3.getSyncBuilder(), transport);
        new AmazonClientCommonRecorder()
                .configure(builder, settings, NothingBuiltIn::new, null, SERVICE, ClientUtil.DEFAULT_CLIENT_NAME);
        return (S3ClientBuilder) builder.getValue();
    }

    /** A native executable has its settings mapped when it is built. */
    private static S3Config settings(SmallRyeConfig config) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            return config.getConfigMapping(S3Config.class);
        }
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withCustomizers(new QuarkusConfigBuilderCustomizer())
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(S3Config.class)
                .withMappingIgnore("quarkus.**");
        config.getConfigSources().forEach(builder::withSources);
        return builder.build().getConfigMapping(S3Config.class);
    }

    /** Without the beans that an application may put into its client when it is built: commands run without beans. */
    private static final class NothingBuiltIn implements SdkBuildTimeConfig {

        @Override
        public Optional<List<String>> interceptors() {
            return Optional.empty();
        }

        @Override
        public Optional<Boolean> telemetry() {
            return Optional.empty();
        }
    }
}
