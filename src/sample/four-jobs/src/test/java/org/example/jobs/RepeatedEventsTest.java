package org.example.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.example.jobs.RepeatedEvents.Event;
import org.junit.jupiter.api.Test;

import dev.cairn.test.ProcessorTest;

class RepeatedEventsTest {

    private static final Event FIRST = new Event("e-1", "ordered");
    private static final Event SECOND = new Event("e-2", "paid");

    @Test
    void shouldDropRepeatedEvents() {
        try (var test = ProcessorTest.of(RepeatedEvents::new)) {
            test.input().header("trace", "t-1").send("shop", FIRST);
            test.send("shop", SECOND);
            test.send("shop", FIRST);
            test.send("bar", FIRST);

            assertEquals(List.of(FIRST, SECOND, FIRST), test.output().values());
            assertEquals("t-1", test.output().records().get(0).header("trace"));
        }
    }

    @Test
    void shouldForgetAnEventAfterAnHour() {
        try (var test = ProcessorTest.of(RepeatedEvents::new)) {
            test.send("shop", FIRST);
            test.send("shop", FIRST, ProcessorTest.START.plus(Duration.ofMinutes(59)));
            assertEquals(1, test.output().newValues().size());

            test.send("shop", FIRST, ProcessorTest.START.plus(Duration.ofMinutes(60)));
            assertEquals(List.of(FIRST), test.output().newValues());
        }
    }

    @Test
    void shouldKeepNothingThatHasExpired() {
        try (var test = ProcessorTest.of(RepeatedEvents::new)) {
            test.send("shop", FIRST);
            test.send("bar", SECOND, ProcessorTest.START.plus(Duration.ofHours(2)));

            assertEquals(Map.of(), test.state("seen").map("shop"));
            assertEquals(Map.of("e-2", true), test.state("seen").map("bar"));
        }
    }

    @Test
    void shouldRememberAcrossACrashAndARestart() {
        try (var test = ProcessorTest.of(RepeatedEvents::new)) {
            test.send("shop", FIRST);
            test.restart();
            test.send("shop", FIRST);
            test.send("shop", SECOND);
            test.crash();
            test.send("shop", SECOND);
            test.checkpoint();

            assertEquals(
                    List.of(FIRST, SECOND),
                    test.output().committed().stream()
                            .map(record -> record.value())
                            .toList());
        }
    }
}
