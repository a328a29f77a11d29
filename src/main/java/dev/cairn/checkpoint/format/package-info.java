/**
 * What a checkpoint and a savepoint are in the store: metadata, ids, deltas, their codec, and paths; nothing else of this room is
 * known here.
 */
package dev.cairn.checkpoint.format;
