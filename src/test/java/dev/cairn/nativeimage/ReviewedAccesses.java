package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.cairn.testkit.trace.Access;

/**
 * What is reached by name on a JVM and may be missing in an executable, with the reason: a file whose lines have a kind, a
 * name, the class that asks, and the reason. {@code *} is anything.
 */
final class ReviewedAccesses {

    static final Path FILE = Path.of("src/test/resources/native/not-needed.txt");

    private final List<Line> lines;

    private record Line(Pattern kind, Pattern name, Pattern caller) {

        static Line parse(String text) {
            String[] halves = text.split(" # ", 2);
            String[] words = halves[0].strip().split("\\s+", -1);
            if (halves.length != 2 || words.length != 3 || halves[1].isBlank()) {
                throw new IllegalStateException(
                        FILE + ": a line has a kind, a name, a caller, and after # the reason: " + text);
            }
            return new Line(pattern(words[0]), pattern(words[1]), pattern(words[2]));
        }

        private static Pattern pattern(String word) {
            return Pattern.compile(Stream.of(word.split("\\*", -1))
                    .map(Pattern::quote)
                    .reduce((one, other) -> one + ".*" + other)
                    .orElseThrow());
        }

        boolean matches(Access access) {
            return kind.matcher(access.kind()).matches()
                    && name.matcher(Gap.nameOf(access)).matches()
                    && caller.matcher(access.caller()).matches();
        }
    }

    private ReviewedAccesses(List<Line> lines) {
        this.lines = lines;
    }

    static ReviewedAccesses read() {
        try (Stream<String> lines = Files.lines(FILE)) {
            return new ReviewedAccesses(lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Line::parse)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean contain(Access access) {
        return lines.stream().anyMatch(line -> line.matches(access));
    }
}
