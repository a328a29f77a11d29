package dev.cairn.cli;

import java.util.function.Function;

import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.configuration.AbstractConfigBuilder;
import io.quarkus.runtime.configuration.QuarkusConfigFactory;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.settings.SettingsException;

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

    /** Reads some of the settings. @throws CommandException when they cannot be used */
    static <T> T read(Function<Config, T> reading) {
        return read("", reading);
    }

    /** The same, for an option that is not given. */
    static <T> T insteadOf(String option, Function<Config, T> reading) {
        return read(option + " is not given, and of the settings ", reading);
    }

    /** @param intro what the problems follow in the error */
    static <T> T read(String intro, Function<Config, T> reading) {
        try {
            return reading.apply(ConfigProvider.getConfig());
        } catch (SettingsException e) {
            throw new CommandException(intro + String.join(" ", e.problems()), e);
        }
    }

    /** Prepares reading them, if no one else would. */
    static void prepare() {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
            AbstractConfigBuilder.withCustomizer(builder, GENERATED);
            QuarkusConfigFactory.setConfig(builder.build());
        }
    }
}
