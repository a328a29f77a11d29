package dev.cairn.worker;

/** Checkpoint and inputs do not belong together; trying again helps only once a person has done something. */
final class UnfitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
        super(message);
    }
}
