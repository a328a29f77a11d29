package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsReader;

/** The machine's language changes nothing. Error Prone's DefaultLocale sees to the rest of it while it compiles. */
class LocaleTest {

    private static final Pattern LOGGED = Pattern.compile("\\bLOG\\.\\w+f\\([^;]*;");

    /** What the logger formats in the machine's language; %s of a number is the same everywhere. */
    private static final Pattern SPECIFIER = Pattern.compile("%[^sn%\"](?=[^\"]*\")");

    private static final Pattern IN_NO_LANGUAGE = Pattern.compile("String\\.format\\(\\s*Locale\\.ROOT,[^)]*\\)");

    private final Locale machines = Locale.getDefault();

    @AfterEach
    void speakAsBefore() {
        Locale.setDefault(machines);
    }

    @Test
    void shouldLogNumbersInNoLanguage() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")).flatMap(LocaleTest::localized))
                    .as("calls of the logger that format by the machine's locale; write %%s")
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> localized(Path file) {
        try {
            String source = Files.readString(file);
            List<String> found = LOGGED.matcher(source)
                    .results()
                    .map(MatchResult::group)
                    .filter(call -> SPECIFIER
                            .matcher(IN_NO_LANGUAGE.matcher(call).replaceAll(""))
                            .find())
                    .map(call -> file + ": " + call)
                    .toList();
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "tr-TR", "th-TH-u-ca-buddhist-nu-thai"})
    void shouldReadVariablesInEveryLanguage(String language) {
        // Given
        Locale.setDefault(Locale.forLanguageTag(language));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS", "localhost:9092",
                                "CAIRN_JOB", "orders",
                                "CAIRN_INPUT_TOPICS", "in",
                                "CAIRN_PROCESSOR", "aggregate",
                                "STATE_CHECKPOINTS_DIR", "s3://bucket/prefix",
                                "EXECUTION_CHECKPOINTING_INTERVAL", "7s",
                                "EXECUTION_CHECKPOINTING_MIN_PAUSE", "1MIN",
                                "EXECUTION_STATE_RECOVERY_CLAIM_MODE", "claim",
                                "CAIRN_S3_PART_SIZE", "6MB",
                                "STATE_BACKEND", "HASHMAP"),
                        300))
                .build();

        // When
        Settings settings = SettingsReader.read(config);

        // Then
        assertThat(settings.checkpoints().interval()).hasSeconds(7);
        assertThat(settings.checkpoints().minPause()).hasMinutes(1);
        assertThat(settings.s3().partSize().bytes()).isEqualTo(6L << 20);
        assertThat(settings.recovery().claimMode()).hasToString("CLAIM");
        assertThat(settings.warnings()).isEmpty();
    }
}
