package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.worker.NativeSources;
import dev.cairn.testkit.worker.NativeSourcesBuild;

/** Nothing large becomes a part of the worker, as a jar or an executable, without a reason that someone has read. */
class LargeJarsIT {

    private static final Path LIST = Path.of("src", "test", "resources", "dependencies", "large-jars.txt");
    private static final long LARGE_BYTES = 200_000;
    private static final Pattern NAME = Pattern.compile("^(?:modified-)?(.+?)-\\d[^/]*\\.jar$");

    private static NativeSources sources;

    @BeforeAll
    static void build() {
        sources = NativeSourcesBuild.ofWorker();
    }

    @Test
    void shouldHaveAReasonForEachLargeJar() throws IOException {
        // Given
        Map<String, String> reasons = reasons();

        // When
        Map<String, Long> large = new TreeMap<>(bytesByName());
        large.values().removeIf(bytes -> bytes < LARGE_BYTES);

        // Then
        Map<String, Long> unexplained = new TreeMap<>(large);
        unexplained.keySet().removeAll(reasons.keySet());
        assertThat(unexplained)
                .as(
                        "jars of more than %,d bytes that %s does not name. Find out who brings each (./mvnw dependency:tree"
                                + " -Dincludes=group:artifact) and whether Cairn calls it. Exclude it in pom.xml, or add a line"
                                + " with the reason",
                        LARGE_BYTES, LIST)
                .isEmpty();
        assertThat(reasons.keySet().stream().filter(jar -> !large.containsKey(jar)))
                .as("jars that %s names, and that are not there or not large any more: remove their lines", LIST)
                .isEmpty();
        assertThat(reasons.values()).allSatisfy(reason -> assertThat(reason).isNotBlank());
    }

    @Test
    void shouldHaveOneBuildOfTheChartsOnly() {
        // Then
        assertThat(bytesByName())
                .as("quarkus.class-loading.removed-resources in application.properties names files of another version")
                .hasEntrySatisfying(
                        "org.webjars.npm.chart.js", bytes -> assertThat(bytes).isLessThan(LARGE_BYTES));
    }

    /** Sizes by names, as in {@code org.rocksdb.rocksdbjni}. */
    private static Map<String, Long> bytesByName() {
        return sources.libraries().stream()
                .collect(Collectors.toMap(LargeJarsIT::name, jar -> jar.toFile().length()));
    }

    private static String name(Path jar) {
        return NAME.matcher(jar.getFileName().toString())
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> reasons() throws IOException {
        try (Stream<String> lines = Files.lines(LIST)) {
            List<String[]> entries = lines.filter(line -> line.contains(" = ") && !line.startsWith("#"))
                    .map(line -> line.split(" = ", 2))
                    .toList();
            return entries.stream().collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
