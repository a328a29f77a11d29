package dev.cairn.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Assumptions;

/** Data that is not part of the project: a directory named by {@code CAIRN_TEST_DATA}, or {@code ../shared/data}. */
public final class TestData {

    private TestData() {}

    /** 20,000 flights in the United States, as JSON lines; the test is skipped where they are missing. */
    public static Path flights() {
        return find("flights.ndjson");
    }

    private static Path find(String name) {
        String directory = System.getenv().getOrDefault("CAIRN_TEST_DATA", "../shared/data");
        Path file = Path.of(directory, name).toAbsolutePath().normalize();
        Assumptions.assumeTrue(
                Files.isRegularFile(file),
                () -> file + " is missing; CAIRN_TEST_DATA may name another directory that has " + name);
        return file;
    }
}
