package dev.cairn.cli;

import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.configuration.AbstractConfigBuilder;
import io.quarkus.runtime.configuration.QuarkusConfigFactory;
import io.smallrye.config.SmallRyeConfigBuilder;

/**
 * The settings of commands, which run without Quarkus.
 *
 * <p>A JVM reads them where they are first asked for. A native executable has some already: those that were read when it was
 * built, with the environment of the machine that built it. Until Quarkus starts, which commands do not wait for, it would
 * answer with these.
 */
final class CommandConfig {

    /** What Quarkus generates for an application, and reads its own settings with at the start. */
    private static final String GENERATED = "io.quarkus.runtime.generated.RunTimeConfig";

    private CommandConfig() {}

    /** Reads the settings, if nobody else would. */
    static void prepare() {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
            AbstractConfigBuilder.withCustomizer(builder, GENERATED);
            QuarkusConfigFactory.setConfig(builder.build());
        }
    }
}
