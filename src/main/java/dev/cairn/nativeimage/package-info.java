/**
 * What the builder of native executables has to be told and cannot find by itself. Runs in the builder only, never in a
 * worker.
 *
 * <p>What is known beforehand stands in {@code META-INF/native-image/dev.cairn/cairn} and is checked by a test; here is what
 * depends on the application: the types of its processors, and the machine that it is built for.
 */
package dev.cairn.nativeimage;
