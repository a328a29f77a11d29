package dev.cairn.storage;

import java.time.Duration;

/** Is told of every request to a store, on the thread that makes it: be quick. */
@FunctionalInterface
public interface StoreListener {

    /** Listens to nothing. */
    StoreListener NONE = (request, result, duration, bytes) -> {};

    /** What was asked for. */
    enum Request {
        PUT,
        CREATE,
        READ,
        DOWNLOAD,
        LIST,
        DELETE
    }

    /** How it ended. */
    enum Result {
        OK,
        /** The key of a conditional write was taken. */
        EXISTS,
        /** There is no such object. */
        MISSING,
        FAILED
    }

    /**
     * A request has ended.
     *
     * @param bytes that went to the store or came from it; 0 where it failed
     */
    void ended(Request request, Result result, Duration duration, long bytes);
}
