package dev.cairn.settings;

import java.util.Optional;

/**
 * Who is let in by a token. Immutable.
 *
 * @param viewerToken of who may read
 * @param operatorToken of who may read and control
 * @param peerSecret by which the workers of the job know each other
 */
public record SecuritySettings(
        Optional<String> viewerToken, Optional<String> operatorToken, Optional<String> peerSecret) {

    /** Whether there is a token at all. */
    public boolean hasTokens() {
        return viewerToken.isPresent() || operatorToken.isPresent();
    }

    /** Names only: the values are secrets. */
    @Override
    public String toString() {
        return "SecuritySettings[viewerToken " + shown(viewerToken) + ", operatorToken " + shown(operatorToken)
                + ", peerSecret " + shown(peerSecret) + "]";
    }

    private static String shown(Optional<String> secret) {
        return secret.isPresent() ? "set" : "not set";
    }
}
