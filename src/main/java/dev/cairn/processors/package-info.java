/**
 * Ready-made processors, selected by name with {@code cairn.processor}.
 *
 * <p>They are written against {@link dev.cairn.api} alone, as anybody's processor is, and so show that it suffices.
 */
package dev.cairn.processors;
