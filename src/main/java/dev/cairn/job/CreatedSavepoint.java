package dev.cairn.job;

import dev.cairn.checkpoint.format.Savepoint;

/**
 * A savepoint that was just made.
 *
 * @param location its own directory, to start from
 * @param savepoint what it holds
 */
public record CreatedSavepoint(String location, Savepoint savepoint) {}
