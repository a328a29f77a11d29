package dev.cairn.state;

/**
 * A declared state as its processor uses it: always at the key of the record in process. Changes of the record are held
 * aside until {@link #keep}, so that a failing record leaves nothing behind. Used by the loop's thread only.
 */
abstract class DeclaredState {

    private final KeyedState owner;
    private final String name;
    private boolean touched;

    DeclaredState(KeyedState owner, StateDescriptor descriptor) {
        this.owner = owner;
        this.name = descriptor.name();
    }

    /**
     * The record's key, for a use by the processor.
     *
     * @throws IllegalStateException when no record is in process on this thread, or when it has no key
     */
    final byte[] requireKey() {
        owner.scope().require("state", name);
        return owner.requireKey(name);
    }

    /** The record in process changes this state. */
    final void touch() {
        if (!touched) {
            touched = true;
            owner.touched(this);
        }
    }

    /** The database could not be read. */
    final LocalStateException failed(LocalStateException e) {
        return owner.failed(e);
    }

    final String name() {
        return name;
    }

    /** The record succeeded: its changes become the key's state. */
    abstract void keep();

    /** Forgets the record in process, whether it was kept or not. */
    void endRecord() {
        touched = false;
    }

    /** What is not committed has been dropped from the table. */
    void rollBack() {}

    /** What was loaded is the loop's from here on. */
    void start() {}

    /** Gives the memory back; it is not used again. */
    void close() {}
}
