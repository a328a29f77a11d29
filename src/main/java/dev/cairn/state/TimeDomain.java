package dev.cairn.state;

import java.util.Optional;
import java.util.stream.Stream;

/** In which time values expire. A checkpoint records it as a part of what wrote them. */
public enum TimeDomain {
    /** The worker's clock. */
    PROCESSING("ttl(processing-time, "),
    /** The partition's watermark. */
    EVENT("ttl(event-time, ");

    private static final String END = ")";

    private final String begin;

    TimeDomain(String begin) {
        this.begin = begin;
    }

    /** The name of what writes a time in front of what another serializer writes. */
    String around(String serializer) {
        return begin + serializer + END;
    }

    /** What wrote a time in front of values, if any did. */
    static Optional<TimeDomain> of(String serializer) {
        return Stream.of(values())
                .filter(domain -> serializer != null && serializer.startsWith(domain.begin))
                .findFirst();
    }

    /** The name of what wrote that which is behind the time. */
    static String within(String serializer) {
        return of(serializer)
                .map(domain -> serializer.substring(domain.begin.length(), serializer.length() - END.length()))
                .orElse(serializer);
    }
}
