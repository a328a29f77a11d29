package dev.cairn.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.settings.Version;

/** Versions that are written in more than one place, and who looks for newer ones. */
class VersionsTest {

    private final Pom project = Pom.read(Path.of("pom.xml"));
    private final List<Pom> samples = Stream.of("four-jobs", "word-count")
            .map(sample -> Pom.read(Path.of("src", "sample", sample, "pom.xml")))
            .toList();

    @Test
    void shouldKnowItsVersion() {
        assertThat(Version.VERSION).isEqualTo(project.version());
    }

    @Test
    void shouldNameItsVersionInThePageOfProcessors() throws IOException {
        assertThat(Files.readString(Path.of("docs", "processors.md")))
                .contains("<version>" + project.version() + "</version>");
    }

    @Test
    void shouldUseCairnsVersionInTheSamples() {
        assertThat(samples)
                .extracting(sample -> sample.property("cairn.version"))
                .containsOnly(project.version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quarkus.platform.version",
                "maven.compiler.release",
                "compiler.plugin.version",
                "surefire.plugin.version"
            })
    void shouldBuildTheSamplesWithWhatTheProjectIsBuiltWith(String property) {
        assertThat(samples).extracting(sample -> sample.property(property)).containsOnly(project.property(property));
    }

    @Test
    void shouldTestOnTheBrokerOfThePlatformsClient() {
        assertThat(project.property("kafka.version")).isEqualTo(AppInfoParser.getVersion());
    }

    @Test
    void shouldTellOfThisVersionInTheChangelog() throws IOException {
        String heading = project.version().endsWith("-SNAPSHOT") ? "## [Unreleased]" : "## [" + project.version() + "]";

        assertThat(Files.readString(Path.of("CHANGELOG.md"))).contains(heading);
    }

    @Test
    void shouldLookForNewerVersionsWhereverTheyAreNamed() throws IOException {
        // Given
        JsonNode updates = new YAMLMapper()
                .readTree(Path.of(".github", "dependabot.yml").toFile())
                .path("updates");
        List<String> watched = new ArrayList<>();
        updates.forEach(update -> {
            String ecosystem = update.path("package-ecosystem").asText();
            watched.add(ecosystem + " " + update.path("directory").asText());
            update.path("directories").forEach(directory -> watched.add(ecosystem + " " + directory.asText()));
        });

        // Then
        assertThat(watched)
                .contains(
                        "maven /",
                        "maven /src/sample/four-jobs",
                        "maven /src/sample/word-count",
                        "docker /docker",
                        "docker-compose /docker",
                        "github-actions /");
        assertThat(updates.get(0).path("ignore").findValuesAsText("dependency-name"))
                .as("what does not follow the platform by itself")
                .contains("org.apache.kafka:*");
    }
}
