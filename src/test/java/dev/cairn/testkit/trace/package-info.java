/**
 * What a process reaches by name while it runs: an agent that records it, and what reads the records.
 *
 * <p>{@code recorder} and {@link dev.cairn.testkit.trace.TraceAgent} run inside the traced process.
 */
package dev.cairn.testkit.trace;
