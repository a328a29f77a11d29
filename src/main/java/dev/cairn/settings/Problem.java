package dev.cairn.settings;

import java.util.Optional;

import dev.cairn.storage.Printable;

/**
 * Why a setting cannot be used.
 *
 * @param setting its name
 * @param value what it is set to, if it is
 * @param cause what is wrong, a clause
 * @param wayOut what to do about it, a sentence
 */
record Problem(String setting, Optional<String> value, String cause, String wayOut) {

    static Problem ofValue(String setting, String value, String cause, String wayOut) {
        return new Problem(setting, Optional.of(value), cause, wayOut);
    }

    static Problem ofMissing(String setting, String cause, String wayOut) {
        return new Problem(setting, Optional.empty(), cause, wayOut);
    }

    /** One line, whatever the value holds, and without credentials. */
    @Override
    public String toString() {
        String line = setting + value.map(text -> " = \"" + text + "\"").orElse("") + ": " + cause + ". " + wayOut;
        return Printable.line(SecretSettings.withoutCredentials(line.replaceAll("\\s*\\R\\s*", " ")));
    }
}
