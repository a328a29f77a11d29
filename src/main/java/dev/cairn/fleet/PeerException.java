package dev.cairn.fleet;

/** A worker that does not answer another. The message is what it does instead: a clause that follows its name. */
final class PeerException extends Exception {

    private static final long serialVersionUID = 1;

    PeerException(String message) {
        super(message);
    }
}
