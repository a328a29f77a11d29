/**
 * Takes checkpoints: writes and commits them, builds bases, and retires what is not needed any more.
 */
package dev.cairn.checkpoint.write;
