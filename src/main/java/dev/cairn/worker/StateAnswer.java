package dev.cairn.worker;

import java.time.Duration;

import dev.cairn.state.EntryPage;
import dev.cairn.state.StateDescriptor;

/** What a partition's state says of a key. */
public sealed interface StateAnswer {

    /** The size of what was found. */
    default int bytes() {
        return 0;
    }

    /**
     * It has a value, or the one entry that was asked for has.
     *
     * @param value as its serializer wrote it
     * @param state says what that serializer was
     */
    @SuppressWarnings("ArrayRecordComponent") // No one compares them.
    record Found(byte[] value, StateDescriptor state) implements StateAnswer {

        @Override
        public int bytes() {
            return value.length;
        }
    }

    /**
     * It has entries, or may have such behind those that it went through.
     *
     * @param state says what the serializers of keys and values were
     */
    record FoundEntries(EntryPage page, StateDescriptor state) implements StateAnswer {

        @Override
        public int bytes() {
            return page.bytes();
        }
    }

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

    /**
     * The state cannot be asked this.
     *
     * @param why for people; names neither key nor value
     */
    record Refused(String why) implements StateAnswer {}

    /** The job keeps no state of this name. */
    record NoSuchState() implements StateAnswer {}
}
