/** The part of the agent that the JDK's own classes call. It uses {@code java.base} only, and neither lambdas nor records. */
package dev.cairn.testkit.trace.recorder;
