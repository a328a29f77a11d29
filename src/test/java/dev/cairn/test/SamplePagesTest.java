package dev.cairn.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for people who come from elsewhere show processors of the sample, whose own tests run them. */
class SamplePagesTest {

    private static final Path JOBS = Path.of("src/sample/four-jobs/src/main/java/org/example/jobs");
    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

    @ParameterizedTest
    @ValueSource(strings = {"coming-from-kafka-streams.md", "coming-from-flink.md"})
    void shouldShowOnlyWhatIsInTheSample(String page) throws IOException {
        // Given
        List<String> sources = sources();

        // When
        List<String> shown = JAVA.matcher(Files.readString(Path.of("docs", page)))
                .results()
                .map(block -> block.group(1))
                .toList();

        // Then
        assertThat(shown).isNotEmpty().allSatisfy(block -> assertThat(sources)
                .anySatisfy(source -> assertThat(source).contains(block)));
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.list(JOBS)) {
            return files.map(SamplePagesTest::read).toList();
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + source, e);
        }
    }
}
