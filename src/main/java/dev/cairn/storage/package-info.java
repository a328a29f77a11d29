/** An object store: immutable objects, visible whole or not at all. Knows nothing of checkpoints. */
package dev.cairn.storage;
