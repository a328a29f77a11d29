/**
 * The way of a record: decoded, processed, its results collected, and what becomes of one that fails.
 */
package dev.cairn.worker.record;
