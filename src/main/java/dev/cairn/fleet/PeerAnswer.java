package dev.cairn.fleet;

import java.util.Optional;

/**
 * What came of asking another worker.
 *
 * @param value what it has answered; nothing where it has not
 * @param failure what it does instead, a clause that follows its name; empty where it has answered
 */
public record PeerAnswer<T>(Optional<T> value, String failure) {

    static <T> PeerAnswer<T> of(T value) {
        return new PeerAnswer<>(Optional.of(value), "");
    }

    static <T> PeerAnswer<T> failed(String failure) {
        return new PeerAnswer<>(Optional.empty(), failure);
    }
}
