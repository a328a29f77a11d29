package dev.cairn.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import org.eclipse.microprofile.config.Config;

/**
 * One setting.
 *
 * @param name its name, in documents and messages
 * @param newSpelling Flink's newer name of the same setting, if there is one; where both are set, this one counts
 * @param fallback what counts where it is not set
 * @param description what it means and in which unit, one sentence
 * @param parser reads and validates a text
 * @param secret whether its value is shown to no one
 * @param <T> what it is once it is read
 */
record Setting<T>(
        String name,
        Optional<String> newSpelling,
        Fallback fallback,
        String description,
        Parser<T> parser,
        boolean secret) {

    /** One that no one is shown, in no message and no answer. */
    static <T> Setting<T> secret(String name, Fallback fallback, String description, Parser<T> parser) {
        return new Setting<>(name, Optional.empty(), fallback, description, parser, true);
    }

    /** Every name it goes by. */
    Stream<String> spellings() {
        return Stream.concat(Stream.of(name), newSpelling.stream());
    }

    /** The environment variable for a name, by MicroProfile's rule. */
    static String environmentVariable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Turns a text, without blanks around it, into a value. It is empty only where {@link Fallback#none()} is read. */
    @FunctionalInterface
    interface Parser<T> {

        /** Reads a text. @throws InvalidValueException if it cannot be used */
        T parse(String text);
    }

    /**
     * What counts where a setting is not set.
     *
     * @param shown what documents say about it
     * @param text read as if it had been set; empty where the setting has to be
     */
    record Fallback(String shown, Function<Config, Optional<String>> text) {

        static Fallback required() {
            return new Fallback("required", config -> Optional.empty());
        }

        static Fallback none() {
            return new Fallback("", config -> Optional.of(""));
        }

        static Fallback of(String text) {
            return new Fallback("`" + text + "`", config -> Optional.of(text));
        }

        static Fallback of(String shown, Function<Config, Optional<String>> text) {
            return new Fallback(shown, text);
        }
    }
}
