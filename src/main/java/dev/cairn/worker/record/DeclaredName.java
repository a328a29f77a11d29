package dev.cairn.worker.record;

import java.util.Collection;
import java.util.regex.Pattern;

import org.apache.kafka.common.serialization.Serde;

/** Checks what a processor declares by name. */
final class DeclaredName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private DeclaredName() {}

    /**
     * @param kind {@code input} or {@code output}
     * @param taken the names of this kind that are declared already
     * @throws IllegalArgumentException when the name is malformed or taken, or a serde is missing
     */
    static void check(String kind, String name, Collection<String> taken, Serde<?> key, Serde<?> value) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name an " + kind
                    + ": use letters, digits, '-', '_' and '.', at most 100 characters");
        }
        if (taken.contains(name)) {
            throw new IllegalArgumentException("the " + kind + " '" + name + "' is declared twice");
        }
        if (key == null || value == null) {
            throw new IllegalArgumentException("the " + kind + " '" + name + "' is declared without a serde for its "
                    + (key == null ? "keys" : "values"));
        }
    }

    /** What to do about a setting for a name that is not declared, a clause. */
    static String correct(Collection<String> declared) {
        return declared.isEmpty()
                ? "remove it, or let the processor declare one"
                : "correct the name, which is one of " + String.join(", ", declared);
    }
}
