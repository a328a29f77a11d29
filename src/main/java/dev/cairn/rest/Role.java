package dev.cairn.rest;

import io.quarkus.security.identity.SecurityIdentity;

/** What a caller may do, by the names that tokens of OIDC carry. */
enum Role {
    /** Reads. */
    VIEWER("viewer"),
    /** Reads and controls. */
    OPERATOR("operator");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** Whether someone has it, or one that includes it. */
    boolean isOf(SecurityIdentity who) {
        return who.hasRole(text) || (this == VIEWER && who.hasRole(OPERATOR.text));
    }
}
