/**
 * Writes, rescales, finds and deletes savepoints, and finds the state that a path names.
 */
package dev.cairn.checkpoint.savepoint;
