package dev.cairn.testkit;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs that tests use, and that {@code .ci/install} installs. */
public final class Tools {

    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

    private Tools() {}

    /**
     * Skips the test with a message where something is missing; fails it where the environment says {@code CI}.
     *
     * @param missing what is, and what installs it
     */
    public static void require(boolean isThere, String missing) {
        if (!isThere) {
            if (System.getenv("CI") != null) {
                fail(missing);
            }
            abort(missing);
        }
    }

    /** Whether a program is in one of the directories of {@code PATH}, or of these. */
    public static boolean isInstalled(String program, List<String> directories) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(SEPARATOR.splitAsStream(path), directories.stream())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
