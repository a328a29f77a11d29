/**
 * What is decided about checkpoints: where a partition starts, which checkpoints stay, and what a clean-up deletes; pure,
 * without I/O, clock or thread.
 */
package dev.cairn.checkpoint.protocol;
