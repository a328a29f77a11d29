package dev.cairn.storage;

import java.time.Duration;

/**
 * A kind of calls to a store that fails. Immutable.
 *
 * @param access which calls fail
 * @param fault what kind of failure the last one was
 * @param message what was attempted last, and why it failed
 * @param lasting how long ago the first of them failed; none of the kind has succeeded since
 * @param attempts how many have failed since, those that were tried again included
 */
public record StoreFailure(Access access, StoreFault fault, String message, Duration lasting, long attempts) {

    /** What calls do to a store. A store that is full can still be read. */
    public enum Access {
        WRITE,
        READ,
        DELETE
    }

    /**
     * Whether it says something about the store. One deletion that failed in passing does not: it comes again only with the next
     * clean-up, and lasts until then.
     */
    public boolean isConfirmed() {
        return access != Access.DELETE || attempts > 1 || fault.isPermanent();
    }
}
