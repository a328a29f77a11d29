package dev.cairn.cli;

import java.time.Duration;

import io.quarkus.runtime.annotations.RegisterForReflection;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import dev.cairn.settings.DurationText;

/** Durations as settings are written. Options name the class, and picocli makes one. */
@RegisterForReflection
final class DurationConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a duration. Write a number and a unit (ms, s, min, h, d) such as 12h");
        }
    }
}
