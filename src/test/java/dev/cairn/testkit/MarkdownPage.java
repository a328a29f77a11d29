package dev.cairn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param path where it is, from the project's directory
 * @param text its Markdown
 */
public record MarkdownPage(Path path, String text) {

    private static final Path DOCS = Path.of("docs");
    private static final List<Path> AT_THE_TOP =
            List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md"), Path.of("CHANGELOG.md"));

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern INDENTED = Pattern.compile("(?m)(?<=\\n\\n)(?: {4}\\S.*\\n)+");
    private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
    private static final Pattern TABLE_OF_CODE =
            Pattern.compile("(?s)<!-- (settings|metrics|commands|findings) -->.*?<!-- /\\1 -->");

    /** Every page: those at the top, and those below {@code docs}. */
    public static List<MarkdownPage> all() {
        return Stream.concat(AT_THE_TOP.stream(), below(DOCS).stream())
                .map(MarkdownPage::read)
                .toList();
    }

    /** One page. */
    public static MarkdownPage read(Path path) {
        try {
            return new MarkdownPage(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    /**
     * Checks the table between {@code <!-- name -->} and {@code <!-- /name -->}. The one that it has to be is written to
     * {@code target}, to be copied.
     */
    public void assertTable(String name, String table) {
        Path generated = Path.of("target", name + "-table.md");
        try {
            Files.createDirectories(generated.getParent());
            Files.writeString(generated, table + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + generated, e);
        }
        String begin = "<!-- " + name + " -->";
        String end = "<!-- /" + name + " -->";
        assertThat(text)
                .as("%s has a table between %s and %s", path, begin, end)
                .contains(begin, end);
        assertThat(text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end))
                        .strip())
                .as("the table in %s; %s is as it has to be", path, generated)
                .isEqualTo(table);
    }

    /** The pages below a directory, or the page itself. */
    public static List<Path> below(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> pages = files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            assertThat(pages).as("pages below %s", root).isNotEmpty();
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + root, e);
        }
    }

    /** Its text without code and without the tables that tests compare with the code; each line keeps its number. */
    public String prose() {
        return SPAN.matcher(withoutBlocks(blank(TABLE_OF_CODE, text))).replaceAll("``");
    }

    /** Where the page's links lead, as they are written. */
    public List<String> links() {
        return LINK.matcher(SPAN.matcher(withoutBlocks(text)).replaceAll("``"))
                .results()
                .map(link -> link.group(1))
                .toList();
    }

    /** Its own anchors, and those of its headings, as GitHub makes them. */
    public List<String> anchors() {
        List<String> anchors = new ArrayList<>();
        ANCHOR.matcher(text).results().map(own -> own.group(1)).forEach(anchors::add);
        Map<String, Integer> seen = new HashMap<>();
        HEADING.matcher(withoutBlocks(text)).results().forEach(heading -> {
            String anchor = ANCHOR.matcher(heading.group(1))
                    .replaceAll("")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    /** What stands in backticks within a line. */
    public List<String> codeSpans() {
        return SPAN.matcher(withoutBlocks(text))
                .results()
                .map(span -> span.group(1))
                .toList();
    }

    /** The lines of its blocks of code; a line of a shell that the next one continues is one with it. */
    public List<String> codeLines() {
        return Stream.concat(
                        BLOCK.matcher(text).results().map(block -> block.group(2)),
                        INDENTED.matcher(text).results().map(MatchResult::group))
                .flatMap(block -> block.replace("\\\n", " ").lines())
                .map(String::strip)
                .toList();
    }

    private static String withoutBlocks(String markdown) {
        return blank(INDENTED, blank(BLOCK, markdown));
    }

    private static String blank(Pattern part, String markdown) {
        return part.matcher(markdown).replaceAll(found -> "\n"
                .repeat((int) found.group().chars().filter(c -> c == '\n').count()));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
