/**
 * Where results go: producers with and without transactions, what became of what they sent, and the topics they write to.
 */
package dev.cairn.worker.output;
