package org.example.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.cairn.test.ProcessorTest;

class SilentKeysTest {

    @Test
    void shouldTellWhenAKeyIsSilentFor30Seconds() {
        try (var test = ProcessorTest.of(SilentKeys::new)) {
            test.send("a", "hello");
            test.send("b", "hello");
            test.advanceBy(Duration.ofSeconds(20));
            test.send("b", "hello again");
            test.advanceBy(Duration.ofSeconds(10));

            assertEquals(
                    List.of("silent since 2000-01-01T00:00:00Z"), test.output().values());
            assertEquals("a", test.output().records().get(0).key());
            assertEquals(
                    Optional.of(ProcessorTest.START.plusSeconds(50)),
                    test.state("silent").timer("b"));
        }
    }

    @Test
    void shouldTellOnceForEachSilence() {
        try (var test = ProcessorTest.of(SilentKeys::new)) {
            test.send("a", "hello");
            test.advanceBy(Duration.ofHours(1));
            assertEquals(1, test.output().newValues().size());

            test.send("a", "here I am");
            test.advanceBy(Duration.ofHours(1));
            assertEquals(
                    List.of("silent since 2000-01-01T01:00:00Z"), test.output().newValues());
        }
    }

    @Test
    void shouldTellAfterARestart() {
        try (var test = ProcessorTest.of(SilentKeys::new)) {
            test.send("a", "hello");
            test.restart();
            test.advanceBy(Duration.ofSeconds(30));

            assertEquals(
                    List.of("silent since 2000-01-01T00:00:00Z"), test.output().values());
        }
    }

    @Test
    void shouldTellOnceThoughItCrashes() {
        try (var test = ProcessorTest.of(SilentKeys::new)) {
            test.send("a", "hello");
            test.checkpoint();
            test.advanceBy(Duration.ofSeconds(30));
            test.crash();
            test.advanceBy(Duration.ofSeconds(1));
            test.checkpoint();

            assertEquals(
                    List.of("silent since 2000-01-01T00:00:00Z"),
                    test.output().committed().stream()
                            .map(record -> record.value())
                            .toList());
            assertEquals(Optional.empty(), test.state("silent").timer("a"));
        }
    }
}
