package dev.cairn.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LongestTestsTest {

    private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path directory;

    @Test
    void shouldPrintTheLongestOfThisRunFirst() throws Exception {
        // Given: reports of this run, and a report of an earlier run
        for (int seconds = 1; seconds <= 11; seconds++) {
            report("of" + seconds, Integer.toString(seconds), START.plusSeconds(1));
        }
        report("slow", "1,234.56", START);
        report("earlier", "2000", START.minusSeconds(1));

        // When
        List<String> lines = LongestTests.lines(START, List.of(directory, directory.resolve("missing")));

        // Then
        assertThat(lines)
                .hasSize(11)
                .startsWith("Longest of 12 test classes:", " 1234.6 s    3 tests  slow", "   11.0 s    3 tests  of11")
                .endsWith("    3.0 s    3 tests  of3");
    }

    @Test
    void shouldPrintNothingWhereNoTestRan() throws Exception {
        assertThat(LongestTests.lines(START, List.of(directory))).isEmpty();
    }

    private void report(String name, String time, Instant written) throws Exception {
        Path file = directory.resolve("TEST-" + name + ".xml");
        Files.writeString(file, """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="%s" time="%s" tests="3"><testcase name="x" time="0.1"/></testsuite>
                """.formatted(name, time));
        Files.setLastModifiedTime(file, FileTime.from(written));
    }
}
