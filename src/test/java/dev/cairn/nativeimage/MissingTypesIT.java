package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.worker.NativeSourcesBuild;

/**
 * The types, methods and fields that the classes for the builder of executables refer to, and that no jar brings. Quarkus lets the
 * builder link everything: a reachable reference that leads nowhere ends the build with {@code Discovered unresolved type during
 * parsing}. An exclusion in {@code pom.xml}, or a library made for another version of its neighbour, is the usual cause.
 */
class MissingTypesIT {

    private static final Path FILE = Path.of("src/test/resources/native/missing-types.txt");

    private static SortedMap<String, String> missing;
    private static Map<String, String> reviewed;

    @BeforeAll
    static void readPackage() throws IOException {
        missing = MissingTypes.in(NativeSourcesBuild.ofWorker().jars());
        reviewed = new LinkedHashMap<>();
        String reason = "";
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith("[")) {
                reason = line.substring(1, line.length() - 1);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                assertThat(reason).as("the reason above %s", line).isNotBlank();
                assertThat(reviewed.put(line, reason))
                        .as("twice there: %s", line)
                        .isNull();
            }
        }
    }

    @Test
    void shouldMissOnlyWhatWasReviewed() {
        String added = missing.entrySet().stream()
                .filter(each -> !reviewed.containsKey(each.getKey()))
                .map(each -> each.getKey() + "    (" + each.getValue() + ")")
                .collect(Collectors.joining("\n"));
        assertThat(added)
                .as(
                        "jars and the packages or members that they miss: take the exclusion back, or add the library, or"
                                + " take another version of it. If the builder"
                                + " cannot reach the reference, add the line to %s under its reason",
                        FILE)
                .isEmpty();
    }

    @Test
    void shouldHaveReviewedNothingThatIsThere() {
        assertThat(reviewed.keySet())
                .as("lines of %s whose types are there by now, or whose jar is gone: remove them", FILE)
                .isSubsetOf(missing.keySet());
    }
}
