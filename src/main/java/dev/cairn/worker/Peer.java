package dev.cairn.worker;

import java.net.URI;

/**
 * A worker of the job that has said where it listens.
 *
 * @param instance its name
 * @param address where it answers requests: scheme, host, port, and a path where it has one
 */
public record Peer(String instance, URI address) {}
