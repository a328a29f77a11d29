package dev.cairn.worker;

import java.time.Duration;

import dev.cairn.state.StateDescriptor;

/** What a partition's state says of a key. */
public sealed interface StateAnswer {

    /**
     * It has a value.
     *
     * @param value as its serializer wrote it
     * @param state says what that serializer was
     */
    @SuppressWarnings("ArrayRecordComponent") // No one compares them.
    record Found(byte[] value, StateDescriptor state) implements StateAnswer {}

    /** The state has no value for this key. */
    record Absent() implements StateAnswer {}

    /**
     * It cannot be determined now.
     *
     * @param retryAfter when to ask again
     * @param why for people; names neither key nor value
     */
    record Unavailable(Duration retryAfter, String why) implements StateAnswer {

        private static final Duration SOON = Duration.ofSeconds(1);

        /** To be asked again soon. */
        public static Unavailable because(String why) {
            return new Unavailable(SOON, why);
        }
    }

    /** The job keeps no state of this name. */
    record NoSuchState() implements StateAnswer {}
}
