/**
 * The workers of a job together: how they find and ask each other, what one of them is told reaches all, and each knows
 * what the others have done.
 *
 * <p>Commands and events are two topics of the job, reached by Reactive Messaging, so that their channels can be routed
 * elsewhere or turned off; a worker then works by itself. {@link dev.cairn.fleet.Fleet} is the way in. Nothing here is needed
 * for records to be processed, and no loop waits for it.
 */
package dev.cairn.fleet;
