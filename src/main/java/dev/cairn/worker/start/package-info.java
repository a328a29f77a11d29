/**
 * Starts a partition: finds out where it stands, restores its state, and checks that both fit its inputs.
 */
package dev.cairn.worker.start;
