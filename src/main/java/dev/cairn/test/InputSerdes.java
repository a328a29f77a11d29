package dev.cairn.test;

import org.apache.kafka.common.serialization.Serde;

/** How the records of an input are read, as the processor has declared it. */
record InputSerdes<K, V>(Serde<K> key, Serde<V> value) {}
