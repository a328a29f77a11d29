package dev.cairn.metrics;

import java.util.Locale;

/** Names of enums as values of tags. */
final class Texts {

    private Texts() {}

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
