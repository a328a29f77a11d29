package org.example.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.example.words.WordCount.Counts;
import org.junit.jupiter.api.Test;

import dev.cairn.test.ProcessorTest;

/** The processor without Kafka and without Quarkus, in milliseconds. */
class WordCountProcessorTest {

    @Test
    void shouldCountTheWordsOfAnAuthor() {
        try (var test = ProcessorTest.of(WordCount::new)) {
            test.send("william", "to be or not to be");

            assertEquals(List.of(1L, 1L, 1L, 1L, 2L, 2L), test.output().values());
            assertEquals(
                    Map.of("william/to", 2L, "william/be", 2L, "william/or", 1L, "william/not", 1L),
                    test.output().latest());
        }
    }

    @Test
    void shouldCountOnWhereItWas() {
        try (var test = ProcessorTest.of(WordCount::new)) {
            test.send("william", "to be");
            test.restart();
            test.send("william", "to sleep");
            test.send("jane", "to be");
            test.crash();
            test.send("william", "to dream");

            assertEquals(3L, test.state("counts").value("william", Counts.class).of("to"));
            assertEquals(1L, test.state("counts").value("jane", Counts.class).of("to"));
            assertEquals(3L, test.output().latest().get("william/to"));
        }
    }

    @Test
    void shouldIgnoreWhatIsNoWord() {
        try (var test = ProcessorTest.of(WordCount::new)) {
            test.send("william", " ... ");

            assertEquals(List.of(), test.output().values());
        }
    }
}
