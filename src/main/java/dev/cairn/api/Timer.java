package dev.cairn.api;

/**
 * A timer that fires.
 *
 * @param name the name it was declared with
 * @param key the key it was set for
 * @param time what it was set to, in milliseconds since the epoch
 * @param <K> type of the key
 */
public record Timer<K>(String name, K key, long time) {}
