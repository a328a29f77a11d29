package dev.cairn.worker.record;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.AuthorError;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.Refusal;
import dev.cairn.worker.output.TimerRecord;
import dev.cairn.worker.status.StopWorkerException;

/** What becomes of a record that cannot be read or processed, or whose results are refused, by {@code cairn.errors}. */
public final class RecordErrors {

    private static final Logger LOG = Logger.getLogger(RecordErrors.class);

    private static final Duration LOG_WINDOW = Duration.ofSeconds(10);
    private static final int MAX_NAMED = 20;

    /** Records that are not named again when they are read again after a roll back. */
    private static final int MAX_REMEMBERED = 1_000;

    /** Of an error's message in a dead letter: the record has to fit, too. */
    private static final int MAX_MESSAGE_LENGTH = 1_000;

    /** Where a record failed. */
    enum Stage {
        DESERIALIZE_KEY("deserialize-key"),
        DESERIALIZE_VALUE("deserialize-value"),
        PROCESS("process"),
        TIMER("timer"),
        /** A result cannot be sent: it is too large, or the broker refuses it for good. */
        SEND("send");

        private final String text;

        Stage(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final JobSettings job;
    private final Outputs outputs;
    private final RecordCounts counts;
    private final Refusals refusals = new Refusals();
    private long logWindowNanos = System.nanoTime();
    private int named;
    private long unnamed;
    private final Set<String> lastNamed = Collections.newSetFromMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    public RecordErrors(JobSettings job, Outputs outputs, RecordCounts counts) {
        this.job = job;
        this.outputs = outputs;
        this.counts = counts;
    }

    /** Those of a partition: which records are tried again before they are handled here. */
    RecordRetries retries() {
        return new RecordRetries(job.retries(), counts, System::nanoTime);
    }

    /** What is known of records whose results were refused. */
    public Refusals refusals() {
        return refusals;
    }

    /**
     * Takes note of results that were refused. The loop has been rolled back, and will come to the records again.
     *
     * @return whether any of it is news
     * @throws StopWorkerException when a dead letter was refused
     */
    public boolean refused(List<Refusal> refused) {
        for (Refusal refusal : refused) {
            if (refusal.deadLetter() && refusal.certain()) {
                throw deadLetterRefused(refusal.where(), refusal.cause());
            }
        }
        return refusals.learn(refused);
    }

    private StopWorkerException deadLetterRefused(String what, Exception cause) {
        return new StopWorkerException(
                "the dead letter of the " + what + " cannot be sent to "
                        + job.deadLetterTopic().orElseThrow() + ": " + AuthorError.describe(cause)
                        + ". Nothing of it is kept, and the job waits there. Let the topic accept it, or set"
                        + " " + SettingNames.ERRORS + "=skip",
                cause);
    }

    /**
     * Handles a record that failed; nothing of its effects is left.
     *
     * @param output the topic that cannot have its result, where that is the stage
     * @param failures how often it has failed, where it was tried again; 0 otherwise
     * @throws StopWorkerException when the policy is to fail
     */
    void handle(ConsumerRecord<byte[], byte[]> record, Stage stage, Exception error, String output, int failures) {
        String what = describe(record);
        counts.failed(record, stage.text, error);
        String why = AuthorError.describe(error) + (failures == 0 ? "" : ", tried " + failures + " times");
        switch (job.errors()) {
            case FAIL ->
                throw new StopWorkerException(
                        "the " + what + " cannot be processed (" + stage.text + "): "
                                + why
                                + ". Nothing of it is kept, and the job waits there. " + wayOut(stage, output)
                                + ", or set " + SettingNames.ERRORS + "=skip or =dead-letter",
                        error);
            case SKIP -> {
                counts.skipped();
                log(what, "skipped the %s (%s): %s".formatted(what, stage.text, why));
            }
            case DEAD_LETTER -> {
                log(
                        what,
                        "sent the %s to %s (%s): %s"
                                .formatted(what, job.deadLetterTopic().orElseThrow(), stage.text, why));
                ProducerRecord<byte[], byte[]> letter = deadLetter(record, stage, error);
                try {
                    outputs.requireSendable(letter);
                } catch (RecordTooLargeException e) {
                    throw deadLetterRefused(what, e);
                }
                outputs.send(letter, outputs.deadLetterOrigin(record));
                counts.deadLetter();
            }
        }
    }

    /** What a message calls it. */
    static String describe(ConsumerRecord<?, ?> record) {
        return record instanceof TimerRecord timer
                ? timer.topic() + " of partition " + timer.partition() + " for " + Instant.ofEpochMilli(timer.time())
                : "record " + record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    private static String wayOut(Stage stage, String output) {
        return stage == Stage.SEND
                ? "Correct the processor, or let " + (output.isEmpty() ? "its topic" : "the topic " + output)
                        + " accept its result"
                : "Correct the processor";
    }

    /** A producer that has gone wrong can make every record fail: the first ones are named, the others are counted. */
    private void log(String what, String message) {
        if (lastNamed.contains(what)) {
            return;
        }
        long now = System.nanoTime();
        if (now - logWindowNanos >= LOG_WINDOW.toNanos()) {
            if (unnamed > 0) {
                LOG.warnf("%s more records failed, and are not named one by one", unnamed);
            }
            logWindowNanos = now;
            named = 0;
            unnamed = 0;
        }
        if (named < MAX_NAMED) {
            named++;
            lastNamed.add(what);
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
        add(headers, "cairn.error.message", shortened(String.valueOf(error.getMessage())));
        add(headers, "cairn.input.partition", Integer.toString(record.partition()));
        if (record instanceof TimerRecord timer) {
            add(headers, "cairn.timer.name", timer.name());
            add(headers, "cairn.timer.time", Long.toString(timer.time()));
        } else {
            add(headers, "cairn.input.topic", record.topic());
            add(headers, "cairn.input.offset", Long.toString(record.offset()));
            add(headers, "cairn.input.timestamp", Long.toString(record.timestamp()));
        }
        Long timestamp = record.timestamp() < 0 ? null : record.timestamp();
        return new ProducerRecord<>(
                job.deadLetterTopic().orElseThrow(), null, timestamp, record.key(), record.value(), headers);
    }

    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
