/**
 * What integration tests stand on: Kafka's own broker, workers as processes of their own, readers of topics, and an
 * independent account of what the output must be.
 *
 * <p>The broker is a test dependency: nothing of it reaches the packaged worker.
 */
package dev.cairn.testkit;
