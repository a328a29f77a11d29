package dev.cairn.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;

import dev.cairn.settings.JobSettings;

/** What becomes of a record that cannot be read or processed, by {@code cairn.errors}. */
final class RecordErrors {

    private static final Logger LOG = Logger.getLogger(RecordErrors.class);

    private static final Duration LOG_WINDOW = Duration.ofSeconds(10);
    private static final int MOST_NAMED = 20;

    /** Where a record failed. */
    enum Stage {
        DESERIALIZE_KEY("deserialize-key"),
        DESERIALIZE_VALUE("deserialize-value"),
        PROCESS("process");

        private final String text;

        Stage(String text) {
            this.text = text;
        }
    }

    private final JobSettings job;
    private final Outputs outputs;
    private final LoopStatus status;
    private long logWindowNanos = System.nanoTime();
    private int named;
    private long unnamed;

    RecordErrors(JobSettings job, Outputs outputs, LoopStatus status) {
        this.job = job;
        this.outputs = outputs;
        this.status = status;
    }

    /**
     * Handles a record that failed; nothing of its effects is left.
     *
     * @throws StopWorkerException when the policy is to fail
     */
    void handle(ConsumerRecord<byte[], byte[]> record, Stage stage, Exception error) {
        String where = record.topic() + "-" + record.partition() + "@" + record.offset();
        switch (job.errors()) {
            case FAIL ->
                throw new StopWorkerException(
                        "the record " + where + " cannot be processed (" + stage.text + "): " + describe(error)
                                + ". Nothing of it is kept, and the job waits there. Correct the processor, or set cairn.errors=skip"
                                + " or =dead-letter",
                        error);
            case SKIP -> {
                status.skipped();
                log("skipped the record %s (%s): %s".formatted(where, stage.text, describe(error)));
            }
            case DEAD_LETTER -> {
                log("sent the record %s to %s (%s): %s"
                        .formatted(where, job.deadLetterTopic().orElseThrow(), stage.text, describe(error)));
                outputs.send(deadLetter(record, stage, error));
                status.deadLetter();
            }
        }
    }

    /** A producer that has gone wrong can make every record fail: the first ones are named, the others are counted. */
    private void log(String message) {
        long now = System.nanoTime();
        if (now - logWindowNanos >= LOG_WINDOW.toNanos()) {
            if (unnamed > 0) {
                LOG.warnf("%d more records failed, and are not named one by one", unnamed);
            }
            logWindowNanos = now;
            named = 0;
            unnamed = 0;
        }
        if (named < MOST_NAMED) {
            named++;
            LOG.warn(message);
        } else {
            unnamed++;
        }
    }

    private ProducerRecord<byte[], byte[]> deadLetter(
            ConsumerRecord<byte[], byte[]> record, Stage stage, Exception error) {
        RecordHeaders headers = new RecordHeaders(record.headers());
        add(headers, "cairn.job", job.name());
        add(headers, "cairn.error.stage", stage.text);
        add(headers, "cairn.error.class", error.getClass().getName());
        add(headers, "cairn.error.message", String.valueOf(error.getMessage()));
        add(headers, "cairn.input.topic", record.topic());
        add(headers, "cairn.input.partition", Integer.toString(record.partition()));
        add(headers, "cairn.input.offset", Long.toString(record.offset()));
        add(headers, "cairn.input.timestamp", Long.toString(record.timestamp()));
        Long timestamp = record.timestamp() < 0 ? null : record.timestamp();
        return new ProducerRecord<>(
                job.deadLetterTopic().orElseThrow(), null, timestamp, record.key(), record.value(), headers);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** What strangers say of their errors may quote the record, which no log is to show. */
    private static String describe(Exception error) {
        String type = error.getClass().getName();
        boolean ours = type.startsWith("dev.cairn.") || type.startsWith("org.apache.kafka.");
        if (ours && error.getMessage() != null) {
            return error.getMessage();
        }
        LOG.debugf("in detail: %s", error.getMessage());
        StackTraceElement[] trace = error.getStackTrace();
        return trace.length == 0 ? type : type + " at " + trace[0];
    }
}
