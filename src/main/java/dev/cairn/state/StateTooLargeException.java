package dev.cairn.state;

/** All of the state has to be on the heap, and does not fit into what it may take there. */
public final class StateTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final long MIB = 1L << 20;

    StateTooLargeException(long limitBytes) {
        super("the state takes more than the " + limitBytes / MIB + " MiB of the heap that are meant for it");
    }
}
