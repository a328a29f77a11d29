package dev.cairn.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class DashboardFilesTest {

    private static final Path FILES = Path.of("src", "main", "resources", "META-INF", "resources");
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#:]+)\"");
    private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");
    private static final Pattern INLINE =
            Pattern.compile("<script>|<style|\\sstyle=|\\son[a-z]+=|https?://(?!www\\.w3\\.org/2000/svg)|innerHTML");

    @Test
    void shouldHaveEveryFileThatThePageNames() throws IOException {
        // Given
        List<String> names = matches(REFERENCE, Files.readString(FILES.resolve("index.html")))
                .filter(name -> !name.startsWith("q/"))
                .toList();

        // Then: a library whose version changes in the pom is found missing here
        assertThat(names).contains("cairn/app.js", "cairn/style.css").allSatisfy(name -> {
            URL file = getClass().getResource("/META-INF/resources/" + name);
            assertThat(file).as("%s, which index.html names", name).isNotNull();
        });
    }

    @Test
    void shouldHaveEveryModuleThatAnotherImports() throws IOException {
        // Given
        Path modules = FILES.resolve("cairn");

        // Then
        for (Path module : files()) {
            assertThat(matches(IMPORT, Files.readString(module)))
                    .as("imports of %s", module)
                    .allSatisfy(name -> assertThat(modules.resolve(name)).isRegularFile());
        }
    }

    @Test
    void shouldHoldNothingInlineAndNothingFromElsewhere() throws IOException {
        // Then
        for (Path file : files()) {
            assertThat(matches(INLINE, Files.readString(file, StandardCharsets.UTF_8)))
                    .as("what the page's policy forbids, in %s", file)
                    .isEmpty();
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FILES)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(DashboardFilesTest::wanted);
    }

    private static String wanted(MatchResult match) {
        return match.groupCount() == 0 ? match.group() : match.group(1);
    }
}
