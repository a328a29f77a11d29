package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A native executable that is started without arguments has the limits that the images give it. */
class NativeLimitsTest {

    private static final Path DOCUMENTATION = Path.of("docs", "operate", "native.md");
    private static final String HEAP = "-R:MaximumHeapSizePercent=";

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native", "Dockerfile.native-multistage"})
    void shouldTakeAsMuchOfTheMemoryAsInAnImage(String dockerfile) throws IOException {
        // Given
        Matcher inImage = Pattern.compile("-XX:(?:MaxRAMPercentage|MaximumHeapSizePercent)=(\\d+)")
                .matcher(Files.readString(Path.of("docker", dockerfile)));
        assertThat(inImage.find()).isTrue();

        // Then
        assertThat(builderArguments()).contains(HEAP + inImage.group(1));
    }

    @Test
    void shouldEndWhenItsMemoryIsExhausted() throws IOException {
        assertThat(builderArguments()).contains("-R:+ExitOnOutOfMemoryError");
    }

    @Test
    void shouldSayWhatItIsLimitedTo() throws IOException {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));
        String documentation = Files.readString(DOCUMENTATION);

        // Then
        assertThat(pom).contains("<quarkus.native.march>x86-64-v2</quarkus.native.march>");
        assertThat(documentation).contains("x86-64-v2");
        assertThat(builderArguments())
                .allSatisfy(argument -> assertThat(documentation).contains(argument));
    }

    /** Elsewhere the builder's own default is the least that there is. */
    @Test
    void shouldSetTheProcessorOnlyForExecutablesOnAmd64() throws IOException {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));

        // Then
        assertThat(pom.split("<quarkus.native.march>", -1)).hasSize(2);
        assertThat(pom.replaceAll("\\s+", ""))
                .containsPattern("<id>native-amd64</id><activation><property><name>native</name></property>"
                        + "<os><arch>amd64</arch></os></activation><properties><quarkus.native.march>");
        assertThat(Files.readString(DOCUMENTATION)).contains("On aarch64 no flag is needed");
    }

    private static List<String> builderArguments() throws IOException {
        Properties settings = new Properties();
        try (var file = Files.newInputStream(Path.of("src", "main", "resources", "application.properties"))) {
            settings.load(file);
        }
        return List.of(
                settings.getProperty("quarkus.native.additional-build-args").split(","));
    }
}
