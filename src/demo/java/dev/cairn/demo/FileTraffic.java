package dev.cairn.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

import dev.cairn.testkit.JsonLines;

/**
 * Every line of a file, once, however often the demo is started.
 *
 * <p>A line's partition follows from its key, and no one else writes to the topic: so the end of each partition says how
 * many of its lines are there already.
 */
final class FileTraffic implements Traffic {

    private final DemoSettings.InputFile file;
    private final String topic;
    private final long[] sent;
    private final long lines;

    private FileTraffic(DemoSettings.InputFile file, String topic, long[] sent, long lines) {
        this.file = file;
        this.topic = topic;
        this.sent = sent;
        this.lines = lines;
    }

    /**
     * Reads the whole file once, to find out about bad lines before any is sent.
     *
     * @param lastRecords the last record of each partition of the topic, where it has one
     * @throws JsonLines.BadInputException when a line cannot be used
     * @throws DemoException when the topic was filled with something else
     */
    static FileTraffic check(
            DemoSettings.InputFile file, String topic, List<Optional<ConsumerRecord<String, String>>> lastRecords) {
        long[] sent = lastRecords.stream()
                .mapToLong(last -> last.map(found -> found.offset() + 1).orElse(0L))
                .toArray();
        long[] count = new long[sent.length];
        try (Stream<JsonLines.Line> lines = new JsonLines(file.path(), file.key()).lines()) {
            lines.forEach(line -> {
                line.number(file.value());
                int partition = partition(line, count.length);
                count[partition]++;
                if (count[partition] == sent[partition]) {
                    checkSame(line, lastRecords.get(partition).orElseThrow(), file);
                }
            });
        }
        for (int partition = 0; partition < count.length; partition++) {
            if (count[partition] < sent[partition]) {
                throw changed(file);
            }
        }
        return new FileTraffic(file, topic, sent, Arrays.stream(count).sum());
    }

    private static void checkSame(
            JsonLines.Line line, ConsumerRecord<String, String> there, DemoSettings.InputFile file) {
        if (!line.key().equals(there.key()) || !line.text().equals(there.value())) {
            throw changed(file);
        }
    }

    private static DemoException changed(DemoSettings.InputFile file) {
        return new DemoException(file.path() + " is not what an earlier demo has sent a part of: bring the old file"
                + " back, rename this one, or start afresh with another cairn.demo.dir");
    }

    private static int partition(JsonLines.Line line, int partitions) {
        return BuiltInPartitioner.partitionForKey(line.key().getBytes(StandardCharsets.UTF_8), partitions);
    }

    @Override
    public String description() {
        long already = Arrays.stream(sent).sum();
        return String.format(
                Locale.ROOT,
                "%,d lines of %s, key %s, value %s%s",
                lines,
                file.path(),
                file.key(),
                file.value(),
                already == 0 ? "" : String.format(Locale.ROOT, ", %,d of them sent by an earlier demo", already));
    }

    @Override
    public String send(Pacer pacer, Outlet outlet) {
        long[] seen = new long[sent.length];
        try (Stream<JsonLines.Line> all = new JsonLines(file.path(), file.key()).lines()) {
            all.filter(line -> isNew(line, seen))
                    .takeWhile(line -> pacer.next())
                    .forEach(line -> outlet.send(new ProducerRecord<>(
                            topic,
                            partition(line, sent.length),
                            line.key().getBytes(StandardCharsets.UTF_8),
                            line.text().getBytes(StandardCharsets.UTF_8))));
        }
        return String.format(Locale.ROOT, "the file's %,d lines are all sent", lines);
    }

    private boolean isNew(JsonLines.Line line, long[] seen) {
        int partition = partition(line, sent.length);
        return seen[partition]++ >= sent[partition];
    }
}
