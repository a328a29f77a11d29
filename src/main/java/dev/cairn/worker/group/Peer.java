package dev.cairn.worker.group;

import java.net.URI;

/**
 * A worker of the job that has said where it listens.
 *
 * @param instance its name
 * @param address where it answers requests, as it says: scheme, host and port, if it is right
 */
public record Peer(String instance, URI address) {}
