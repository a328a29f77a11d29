package dev.cairn.state;

/** A serde cannot write or read a value of a state. The message names the state and the serde, never the value. */
public final class StateSerdeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StateSerdeException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
