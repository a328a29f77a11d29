/**
 * Where the process begins, and what people type: the worker itself, and commands that look at its checkpoints and clean up.
 *
 * <p>Here are arguments, tables and JSON. What a checkpoint is, and whether one is whole, is for {@code checkpoint} to say.
 */
package dev.cairn.cli;
