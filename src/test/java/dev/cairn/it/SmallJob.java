package dev.cairn.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;

import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.store.LiveFiles;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.WorkerProcess;

/** A small job of a test's own: its topics, its directory, and an account of what its output must be. */
final class SmallJob {

    static final int PARTITIONS = 2;

    private static final int KEYS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final TestBroker broker;
    private final Path directory;
    private final String name;
    private final AggregateVerifier account = new AggregateVerifier();
    private int sent;

    SmallJob(TestBroker broker, Path directory, String name) {
        this.broker = broker;
        this.directory = directory;
        this.name = name;
    }

    /** With its topics. */
    static SmallJob create(TestBroker broker, Path directory, String name) {
        SmallJob job = new SmallJob(broker, directory, name);
        broker.createTopic(job.input(), PARTITIONS);
        broker.createTopic(job.output(), PARTITIONS);
        return job;
    }

    String name() {
        return name;
    }

    String input() {
        return name + "-in";
    }

    String output() {
        return name + "-out";
    }

    /** Where a partition's checkpoints are. */
    Path checkpoints(int partition) {
        return directory.resolve("checkpoints").resolve(name).resolve("partition-" + partition);
    }

    /** Where local databases are. */
    Path local() {
        return directory.resolve("local");
    }

    /** A worker with one loop and short intervals. */
    WorkerProcess.Builder worker() {
        return Workers.aggregate(broker, directory, name, input(), output())
                .name(name)
                .set("cairn.threads", "1")
                .set("execution.checkpointing.interval", "200ms");
    }

    /** Sends records to every partition, and expects their results. */
    SmallJob send(int records) {
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            batch.add(next(sent % PARTITIONS));
        }
        Topics.send(broker, batch);
        return this;
    }

    /** Sends records to one partition, and expects their results. */
    SmallJob sendTo(int partition, int records) {
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            batch.add(next(partition));
        }
        Topics.send(broker, batch);
        return this;
    }

    /** Sends a value of any kind, of which no result is expected. */
    void sendPoison(int partition, String key, String value) {
        ProducerRecord<byte[], byte[]> poison = Topics.record(input(), key, value);
        Topics.send(broker, List.of(new ProducerRecord<>(input(), partition, poison.key(), poison.value())));
    }

    /** Sends records with as many keys of 1 kB: so much state is changed. */
    void sendLargeKeys(int records) {
        List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            batch.add(next(sent % PARTITIONS, "large-" + sent + "-" + "x".repeat(1_000)));
        }
        Topics.send(broker, batch);
    }

    private ProducerRecord<byte[], byte[]> next(int partition) {
        return next(partition, "key-" + partition + "-" + sent % KEYS);
    }

    private ProducerRecord<byte[], byte[]> next(int partition, String key) {
        int delay = sent % 97 - 13;
        sent++;
        account.expect(key, BigDecimal.valueOf(delay));
        ProducerRecord<byte[], byte[]> record = Topics.record(input(), key, "{\"delay\":" + delay + "}");
        return new ProducerRecord<>(input(), partition, record.key(), record.value());
    }

    void awaitCaughtUp() {
        Workers.awaitCaughtUp(broker, name, input());
    }

    /** Waits until every record has been processed; its result need not be committed. */
    void awaitProcessed() {
        await("all of " + input() + " is processed")
                .atMost(LIMIT)
                .until(() -> Readers.readUncommitted(broker, output()).size() >= sent);
    }

    void verifyExactlyOnce() {
        account.verifyExactlyOnce(Readers.readCommitted(broker, output()));
    }

    void verifyAtLeastOnce() {
        account.verifyAtLeastOnce(Readers.readCommitted(broker, output()));
    }

    /** The files below a directory whose names end like this, the one written last at the end. */
    static List<Path> files(Path below, String suffix) {
        try {
            return LiveFiles.below(below).stream()
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted(Comparator.comparing(SmallJob::lastModified))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes one byte of a file. */
    static void flipByte(Path file, int offset) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[offset] ^= 0x55;
        Files.write(file, content);
    }

    private static FileTime lastModified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
