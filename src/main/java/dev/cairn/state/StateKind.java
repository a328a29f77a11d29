package dev.cairn.state;

import java.util.Locale;

/** What a declared state holds for a record key. A checkpoint records it by its {@link #toString name}. */
enum StateKind {
    /** One value. */
    VALUE,
    /** Values by keys of their own. */
    MAP,
    /** Values in the order in which they were added. */
    LIST,
    /** One value, that others are merged into. */
    REDUCING,
    /** When a timer fires by the watermark. */
    EVENT_TIMER,
    /** When a timer fires by the clock. */
    PROCESSING_TIMER,
    /** Which record keys are due when: the other side of a state that gives them a time. No author sees it. */
    TIMES,
    /** The same for states that have several entries for a record key, or may have: which of them are due when. */
    ENTRY_TIMES;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    @Override
    public String toString() {
        return text;
    }

    /** Whether a descriptor is of this kind. It may also be of one that a later version has brought. */
    boolean isOf(StateDescriptor state) {
        return text.equals(state.kind());
    }

    /** Whether it is an index by time. */
    static boolean isIndex(StateDescriptor state) {
        return TIMES.isOf(state) || ENTRY_TIMES.isOf(state);
    }

    /** Whether a record key has one value at most. */
    static boolean holdsOneValue(StateDescriptor state) {
        return VALUE.isOf(state) || REDUCING.isOf(state) || EVENT_TIMER.isOf(state) || PROCESSING_TIMER.isOf(state);
    }
}
