/**
 * Metrics and traces: Micrometer's meters and OpenTelemetry's spans over what a worker lets others see. Nothing here is on a
 * loop's thread, and no loop waits for it.
 */
package dev.cairn.metrics;
