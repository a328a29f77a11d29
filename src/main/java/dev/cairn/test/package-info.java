/**
 * What authors test their processors with, without a broker: {@link dev.cairn.test.ProcessorTest}.
 *
 * <p>A record goes the same way as in a worker: through the declared serdes, {@code worker.record}, and state on a real
 * database, with checkpoints that freeze, sort and ingest. What is replaced is Kafka: records come from the test, and results
 * are kept for it. It needs no test framework, and no worker uses it.
 */
package dev.cairn.test;
