/** Kafka's own broker in its forms (in this process, a process of its own, a container), and reading and writing its topics. */
package dev.cairn.testkit.broker;
