package dev.cairn;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.cairn.testkit.MarkdownPage;

/**
 * The pages hang together. That the commands, settings and metrics that they name exist is checked besides their tables: by
 * {@code CommandsPageTest}, {@code SettingsPageTest} and {@code MetricsPageTest}.
 */
class DocumentationTest {

    private static final Path README = Path.of("README.md");
    private static final Path CHANGELOG = Path.of("CHANGELOG.md");
    private static final Path REST = Path.of("docs", "reference", "rest.md");
    private static final int MAX_README_LINES = 200;
    private static final Pattern ELSEWHERE = Pattern.compile("(https?|mailto):.*");
    private static final Pattern ENDPOINT = Pattern.compile("(?m)^\\| `((?:GET|POST) /[^`]*)` \\|");
    private static final Pattern NAMED_ENDPOINT = Pattern.compile("(?:GET|POST) /\\S+");

    static List<MarkdownPage> pages() {
        return MarkdownPage.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void shouldLeadEveryLinkToSomethingThatExists(MarkdownPage page) {
        assertThat(page.links().stream()
                        .filter(link -> !ELSEWHERE.matcher(link).matches())
                        .flatMap(link -> broken(page, link).stream()))
                .as("broken links of %s", page)
                .isEmpty();
    }

    @Test
    void shouldKeepTheReadmeShort() {
        assertThat(MarkdownPage.read(README).text().lines().count())
                .as("lines of README.md: move what is longer to a page of its own")
                .isLessThanOrEqualTo(MAX_README_LINES);
    }

    @Test
    void shouldReachEveryPageFromTheReadme() {
        // Given
        Map<Path, MarkdownPage> pages = pages().stream().collect(toMap(MarkdownPage::path, Function.identity()));
        Set<Path> reached = new TreeSet<>(Set.of(README));
        Deque<Path> next = new ArrayDeque<>(reached);

        // When
        while (!next.isEmpty()) {
            MarkdownPage page = pages.get(next.remove());
            page.links().stream()
                    .map(link -> target(page, link))
                    .filter(target -> pages.containsKey(target) && reached.add(target))
                    .forEach(next::add);
        }

        // Then
        assertThat(reached).containsAll(pages.keySet());
    }

    /** The table in {@code docs/reference/rest.md} is compared with the interface by {@code RestIT}. */
    @Test
    void shouldNameOnlyEndpointsThatExist() {
        // Given
        Set<String> endpoints = ENDPOINT.matcher(MarkdownPage.read(REST).text())
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toSet());

        // When
        Stream<String> unknown = pages().stream()
                // It also names what there was once.
                .filter(page -> !page.path().equals(CHANGELOG))
                .flatMap(page -> page.codeSpans().stream()
                        .flatMap(span -> NAMED_ENDPOINT.matcher(span).results().map(MatchResult::group))
                        .filter(endpoint -> !endpoints.contains(endpoint))
                        .map(endpoint -> page + ": " + endpoint));

        // Then
        assertThat(endpoints).isNotEmpty();
        assertThat(unknown).isEmpty();
    }

    private static Optional<String> broken(MarkdownPage page, String link) {
        Path target = target(page, link);
        if (target.startsWith("..") || !Files.exists(target)) {
            return Optional.of(link + ": there is no " + target);
        }
        int hash = link.indexOf('#');
        return hash < 0 || MarkdownPage.read(target).anchors().contains(link.substring(hash + 1))
                ? Optional.empty()
                : Optional.of(link + ": there is no such heading or anchor in " + target);
    }

    /** The file that a link leads to, from the project's directory. */
    private static Path target(MarkdownPage page, String link) {
        String file = link.replaceFirst("#.*", "");
        return file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
    }
}
