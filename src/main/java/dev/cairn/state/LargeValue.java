package dev.cairn.state;

/**
 * A key whose value is among the largest of its state.
 *
 * @param state the state's name
 * @param key as it stood in Kafka
 * @param bytes of the serialised value
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record LargeValue(String state, byte[] key, int bytes) {}
