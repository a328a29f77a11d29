package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.testkit.MarkdownPage;

/** The documentation is in plain technical English: {@code banned-phrases.txt} lists what to avoid, and what to write. */
class BannedPhrasesTest {

    /**
     * What is scanned. To check Javadoc and messages as well, add their directories here and teach {@link #prose} to read
     * them; the tables that tests take from the code, which {@link MarkdownPage#prose} leaves out, follow with the messages.
     */
    private static final List<Path> ROOTS =
            List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md"), Path.of("docs"));

    private static final Path PHRASES = Path.of("src", "test", "resources", "documentation", "banned-phrases.txt");

    private static List<Banned> banned;

    /**
     * A phrase that is not used.
     *
     * @param phrase the words, in any case and across lines
     * @param instead what to write
     */
    private record Banned(Pattern phrase, String instead) {

        /** From a line {@code phrase, other form = what to write}. */
        static Stream<Banned> parse(String line) {
            String[] sides = line.split(" = ", 2);
            assertThat(sides).as("a line of %s: %s", PHRASES, line).hasSize(2);
            return Stream.of(sides[0].split(", "))
                    .map(words -> new Banned(
                            Pattern.compile(
                                    "(?<![\\w-])" + words.replace(" ", "\\s+") + "(?![\\w-])",
                                    Pattern.CASE_INSENSITIVE),
                            sides[1]));
        }
    }

    @BeforeAll
    static void readPhrases() throws IOException {
        banned = Files.readAllLines(PHRASES).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .flatMap(Banned::parse)
                .toList();
        assertThat(banned).isNotEmpty();
    }

    static Stream<Path> texts() {
        return ROOTS.stream().flatMap(root -> MarkdownPage.below(root).stream());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void shouldUsePlainEnglish(Path text) {
        assertThat(found(prose(text))).as("%s, see %s", text, PHRASES).isEmpty();
    }

    @Test
    void shouldFindAPhraseInAnyCaseAndAcrossLines() {
        assertThat(found("The loop Goes\n  on.")).containsExactly("line 1: 'Goes on': write continues, runs again");
        assertThat(found("A stand-alone worker continues.")).isEmpty();
    }

    private static String prose(Path text) {
        return MarkdownPage.read(text).prose();
    }

    private static List<String> found(String text) {
        List<String> found = new ArrayList<>();
        for (Banned each : banned) {
            each.phrase().matcher(text).results().forEach(hit -> {
                long line = 1
                        + text.substring(0, hit.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                found.add("line " + line + ": '" + hit.group().replaceAll("\\s+", " ") + "': write " + each.instead());
            });
        }
        return found;
    }
}
