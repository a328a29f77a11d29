/**
 * Ready-made processors, selected by name with {@code cairn.processor}.
 *
 * <p>They are written against only {@link dev.cairn.api}, as any author's processor is, and so show that it suffices.
 */
package dev.cairn.processors;
