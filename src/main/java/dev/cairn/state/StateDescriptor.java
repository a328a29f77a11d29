package dev.cairn.state;

/**
 * What a checkpoint records of a declared state.
 *
 * @param name the name that the processor gave it
 * @param kind its kind: {@code value}
 * @param serializer names what wrote its values
 * @param id its prefix in stored keys, from 1
 */
public record StateDescriptor(String name, String kind, String serializer, int id) {}
