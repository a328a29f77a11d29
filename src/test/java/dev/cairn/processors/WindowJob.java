package dev.cairn.processors;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.eclipse.microprofile.config.Config;

import dev.cairn.api.JsonSerde;
import dev.cairn.processors.WindowOracle.Event;
import dev.cairn.test.ProcessorTest;
import dev.cairn.test.TestRecord;

/** Runs the processor {@code window}. */
final class WindowJob implements AutoCloseable {

    private final ProcessorTest<byte[], byte[], byte[], WindowResult> test;

    /** @param settings of the worker and of the processor */
    WindowJob(Map<String, String> settings) {
        Map<String, String> ofWorker = new HashMap<>(settings);
        ofWorker.keySet().removeIf(name -> name.startsWith("cairn.window."));
        test = ProcessorTest.of(() -> new WindowProcessor(config(settings)), ofWorker);
    }

    static Config config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    ProcessorTest<byte[], byte[], byte[], WindowResult> test() {
        return test;
    }

    void send(Event event) {
        test.input(event.topic())
                .at(Instant.ofEpochMilli(event.timestamp()))
                .send(bytes(event.key()), bytes("{\"n\":" + event.number() + "}"));
    }

    /** To the only input. */
    void send(String key, long seconds, String number) {
        send(new Event("input", key, seconds * 1000, number));
    }

    /** In the form of the oracle. */
    List<String> results() {
        return test.output().records().stream()
                .map(each -> WindowOracle.shown(text(each.key()), each.timestamp(), each.value()))
                .toList();
    }

    /** As JSON, after the key. */
    List<String> json() {
        return test.output().newRecords().stream().map(WindowJob::json).toList();
    }

    private static String json(TestRecord<byte[], WindowResult> each) {
        return text(each.key()) + "@" + each.timestamp() + " "
                + text(JsonSerde.of(WindowResult.class).serialize("", each.value()));
    }

    List<Event> late() {
        return test.<byte[], byte[]>output("late").records().stream()
                .map(each -> new Event(
                        "",
                        text(each.key()),
                        each.timestamp(),
                        text(each.value()).replaceAll("[^0-9.E-]", "")))
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        test.close();
    }
}
