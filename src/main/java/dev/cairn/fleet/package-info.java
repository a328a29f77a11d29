/**
 * The workers of a job together: how they find each other, ask each other and tell each other. Nothing here is needed for
 * records to be processed, and no loop waits for it.
 */
package dev.cairn.fleet;
