package dev.cairn.state;

/**
 * A value that expires.
 *
 * @param expires when, in milliseconds since the epoch, in the time of its state; see {@link Expiry}
 * @param value the value
 * @param <T> its type
 */
record Expiring<T>(long expires, T value) {}
