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
    REDUCING;

    private final String text = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return text;
    }

    /** Whether a descriptor is of this kind. It may also be of one that a later version has brought. */
    boolean isOf(StateDescriptor state) {
        return text.equals(state.kind());
    }
}
