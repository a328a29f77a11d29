package dev.cairn.state;

import java.util.Optional;

import org.jboss.logging.Logger;

/**
 * When state and output may be used: while a record is in process, by the thread that processes it. Anything else would
 * change what another record has counted, or get lost.
 *
 * <p>A use from another thread fails there, and is remembered for the loop, because a pool may swallow the exception.
 */
public final class RecordScope {

    private static final Logger LOG = Logger.getLogger(RecordScope.class);

    // Not volatile: a thread that is not the owner never reads itself here, whatever else it reads.
    private Thread owner;
    private boolean open;
    private volatile String misuse;

    /** A record begins, on this thread. */
    void begin() {
        owner = Thread.currentThread();
        open = true;
    }

    /** The record has ended. */
    void end() {
        open = false;
    }

    /**
     * Checks that a record is in process on this thread.
     *
     * @param kind what is used, such as {@code state}
     * @param name its name
     * @throws IllegalStateException when it is not; the message says what the author did
     */
    public void require(String kind, String name) {
        if (Thread.currentThread() != owner || !open) {
            throw refused(kind + " '" + name + "'");
        }
    }

    private IllegalStateException refused(String used) {
        Thread user = Thread.currentThread();
        if (owner == null || user == owner) {
            return new IllegalStateException(
                    "the " + used + " was used outside of process: it is only there for the record"
                            + " that is in process, not in declare or close, nor later");
        }
        String message = "the " + used + " was used by the thread '" + user.getName()
                + "': only the thread that calls process may use it. Wait there for what other threads compute, and use"
                + " it then";
        IllegalStateException refused = new IllegalStateException(message);
        if (misuse == null) {
            misuse = AuthorError.describe(refused);
            LOG.errorf("%s. The worker stops at the next record of the partition", misuse);
        }
        return refused;
    }

    /** What another thread has tried so far. Whichever record it belonged to is not known for certain. */
    public Optional<String> misuse() {
        return Optional.ofNullable(misuse);
    }
}
