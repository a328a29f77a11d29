package dev.cairn.testkit.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What traced processes have left in a directory. */
public final class Traces {

    static final String SUFFIX = ".trace";

    private Traces() {}

    /** All of it. @throws IllegalStateException when an agent has failed */
    public static List<Access> in(Path directory) {
        List<Access> all = new ArrayList<>();
        for (Path file : files(directory)) {
            for (String line : lines(file)) {
                if (line.startsWith("failure")) {
                    throw new IllegalStateException("the tracing agent has failed, see " + file + ": " + line);
                }
                all.add(Access.parse(line));
            }
        }
        return all;
    }

    /** One for each process. */
    public static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that was killed may have left half a line. */
    private static List<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
