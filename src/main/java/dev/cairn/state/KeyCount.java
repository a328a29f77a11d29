package dev.cairn.state;

/**
 * How often a key came, about.
 *
 * @param key as it stood in Kafka
 * @param count records with it, estimated
 * @param bound how far the true number may be from that
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KeyCount(byte[] key, long count, long bound) {}
