/**
 * Reads, verifies and deletes what a partition has in the object store.
 */
package dev.cairn.checkpoint.store;
