package dev.cairn.rest;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import dev.cairn.state.Decoder;
import dev.cairn.worker.status.HotKeys;

/**
 * The keys that are updated most, and those with the largest values, of the whole job; estimates.
 *
 * @param since when the updates began to be counted, epoch milliseconds
 */
record KeysView(List<Updated> updates, List<Large> largest, long since) {

    private static final Decoder KEYS = Decoder.ofKeys();

    /**
     * A key that many records have.
     *
     * @param key text, or {@code {"base64":"..."}} where it is none
     * @param count records with it
     * @param bound how far the true number may be from that
     * @param share of all records, from 0 to 1
     */
    record Updated(JsonNode key, int partition, long count, long bound, double share) {}

    /** A key with a large value, in bytes. */
    record Large(String state, JsonNode key, int partition, long bytes) {}

    static KeysView of(HotKeys keys) {
        return new KeysView(
                keys.updates().stream()
                        .map(hot -> new Updated(
                                KEYS.decode(hot.key()), hot.partition(), hot.count(), hot.bound(), hot.share()))
                        .toList(),
                keys.largest().stream()
                        .map(large ->
                                new Large(large.state(), KEYS.decode(large.key()), large.partition(), large.bytes()))
                        .toList(),
                keys.since().toEpochMilli());
    }
}
