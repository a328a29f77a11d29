/** An independent account of what the output, the store and the local disk must hold. */
package dev.cairn.testkit.verify;
