/** Containers, their limits, and what Kubernetes answers in them. */
package dev.cairn.testkit.container;
