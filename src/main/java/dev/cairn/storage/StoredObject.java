package dev.cairn.storage;

import java.time.Instant;

/**
 * An object as a listing shows it.
 *
 * @param key its key in the store
 * @param size in bytes
 * @param lastModified when it was stored, by the store's clock
 */
public record StoredObject(String key, long size, Instant lastModified) {}
