package dev.cairn.settings;

import java.util.Optional;

/**
 * Who is let in by a token. Immutable.
 *
 * @param viewerToken of who may read
 * @param operatorToken of who may read and control
 */
public record SecuritySettings(Optional<String> viewerToken, Optional<String> operatorToken) {

    /** Whether there is a token at all. */
    public boolean hasTokens() {
        return viewerToken.isPresent() || operatorToken.isPresent();
    }

    /** Names only: the values are secrets. */
    @Override
    public String toString() {
        return "SecuritySettings[viewerToken " + (viewerToken.isPresent() ? "set" : "not set") + ", operatorToken "
                + (operatorToken.isPresent() ? "set" : "not set") + "]";
    }
}
