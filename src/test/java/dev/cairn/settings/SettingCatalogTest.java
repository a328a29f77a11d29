package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class SettingCatalogTest {

    private static final Path SOURCES = Path.of("src/main/java/dev/cairn");
    private static final Pattern COMMENT = Pattern.compile("(?s:/\\*.*?\\*/)|(?m:^\\s*//.*$)");
    private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

    /** Literals that are no settings' names, though they are spelled like one. */
    private static final Map<String, String> OTHERS = Map.of(
            "\"cairn.job\"", "worker/record/RecordErrors.java: a header of records put aside, which readers rely on");

    @Test
    void shouldListEverySettingThatIsDefined() throws Exception {
        // Given
        List<Object> defined = new ArrayList<>();
        for (Path file : sources(SOURCES.resolve("settings"))) {
            String name = file.getFileName().toString().replace(".java", "");
            for (Field field : Class.forName("dev.cairn.settings." + name).getDeclaredFields()) {
                if (field.getType() == Setting.class) {
                    defined.add(field.get(null));
                }
            }
        }

        // Then
        assertThat(defined).isNotEmpty();
        assertThat(SettingCatalog.all()).hasSameSizeAs(defined).hasSameElementsAs(castAll(defined));
    }

    @Test
    void shouldGiveEachNameToOneSetting() {
        // When
        List<String> names =
                SettingCatalog.all().stream().flatMap(Setting::spellings).toList();

        // Then
        assertThat(names).doesNotHaveDuplicates();
    }

    /** What the code calls a setting can only be its name: all but one place take it from there. */
    @Test
    void shouldWriteEachNameInOneLiteral() throws IOException {
        // Given
        Map<String, Pattern> names = new TreeMap<>();
        SettingCatalog.all().stream()
                .flatMap(Setting::spellings)
                .forEach(name -> names.put(
                        name,
                        Pattern.compile(
                                "(?<![A-Za-z0-9._-])" + Pattern.quote(name) + "(?![A-Za-z0-9_-]|\\.[A-Za-z])")));
        Map<String, List<String>> places = new TreeMap<>();

        // When
        for (Path file : sources(SOURCES)) {
            String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
            LITERAL.matcher(code).results().map(MatchResult::group).forEach(literal -> {
                String place = SOURCES.relativize(file) + ": " + literal;
                names.forEach((name, pattern) -> {
                    if (pattern.matcher(literal).find() && !isAnother(file, literal)) {
                        places.computeIfAbsent(name, any -> new ArrayList<>()).add(place);
                    }
                });
            });
        }

        // Then
        assertThat(places).containsOnlyKeys(names.keySet());
        assertThat(places).allSatisfy((name, found) -> assertThat(found)
                .as("places that write %s instead of taking it from SettingNames", name)
                .hasSize(1)
                .allMatch(place -> place.startsWith("names/") || place.startsWith("settings/")));
    }

    private static boolean isAnother(Path file, String literal) {
        return OTHERS.getOrDefault(literal, "")
                .startsWith(SOURCES.relativize(file).toString() + ":");
    }

    private static List<Path> sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .toList();
        }
    }

    private static List<Setting<?>> castAll(List<Object> settings) {
        return settings.stream()
                .<Setting<?>>map(setting -> (Setting<?>) setting)
                .toList();
    }
}
