package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.testkit.MarkdownPage;

/** The documentation is in plain technical English: {@code banned-phrases.txt} lists what to avoid, and what to write. */
class BannedPhrasesTest {

    private static final List<Path> PAGES = List.of(
            Path.of("README.md"),
            Path.of("CONTRIBUTING.md"),
            Path.of("SECURITY.md"),
            Path.of("CHANGELOG.md"),
            Path.of("docs"));

    private static final List<Path> SOURCES = List.of(
            Path.of("src", "main", "java"),
            Path.of("src", "test", "java"),
            Path.of("src", "demo", "java"),
            Path.of("src", "bench", "java"),
            Path.of("src", "sample"));

    /** What people read in a source: its comments, and the texts that become messages. */
    private static final Pattern READ_BY_PEOPLE =
            Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\\\n])*\"", Pattern.DOTALL);

    /** Names in the code are none of the text. */
    private static final Pattern CODE = Pattern.compile("\\{@(?:code|link|linkplain|value)[^}]*}");

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

    static Stream<Path> pages() {
        return PAGES.stream().flatMap(root -> MarkdownPage.below(root).stream());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldUsePlainEnglish(Path page) {
        assertThat(found(MarkdownPage.read(page).prose()))
                .as("%s, see %s", page, PHRASES)
                .isEmpty();
    }

    @Test
    void shouldUsePlainEnglishInCommentsAndMessages() throws IOException {
        SoftAssertions each = new SoftAssertions();
        for (Path source : sources()) {
            each.assertThat(found(readByPeople(Files.readString(source))))
                    .as("%s, see %s", source, PHRASES)
                    .isEmpty();
        }
        each.assertAll();
    }

    @Test
    void shouldReadCommentsAndMessagesOfASource() {
        String read =
                readByPeople("int nobody; // nobody\n/** {@code nobody}\n * goes\n * on */ String s = \"alone\";");

        assertThat(found(read))
                .containsExactlyInAnyOrder(
                        "line 1: 'nobody': write no one, nothing",
                        "line 3: 'goes on': write continues, runs again",
                        "line 4: 'alone': write only");
    }

    @Test
    void shouldFindAPhraseInAnyCaseAndAcrossLines() {
        assertThat(found("The loop Goes\n  on.")).containsExactly("line 1: 'Goes on': write continues, runs again");
        assertThat(found("A stand-alone worker continues.")).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path root : SOURCES) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("BannedPhrasesTest.java"))
                        .forEach(sources::add);
            }
        }
        assertThat(sources).hasSizeGreaterThan(500);
        return sources;
    }

    /** The source with spaces in the place of its code, so that lines keep their numbers. */
    private static String readByPeople(String source) {
        StringBuilder read = new StringBuilder(source.replaceAll("[^\\n]", " "));
        READ_BY_PEOPLE.matcher(source).results().forEach(hit -> {
            String text = CODE.matcher(hit.group())
                    .replaceAll(code -> code.group().replaceAll("[^\\n]", "-"))
                    .replaceAll("(?m)^(\\s*)\\*", "$1 ");
            read.replace(hit.start(), hit.end(), text);
        });
        return read.toString();
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
