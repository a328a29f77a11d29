package dev.cairn.settings;

/** Whether callers of a worker's TLS port prove by a certificate who they are. */
public enum ClientCertificates {
    /** They are not asked for one. */
    NONE,
    /** No one is let in without one that the trust store vouches for. */
    REQUIRED
}
