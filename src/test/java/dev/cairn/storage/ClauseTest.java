package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

class ClauseTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern MESSAGE_AND_FULL_STOP = Pattern.compile("getMessage\\(\\)\\s*\\+\\s*\"\\. ");

    @Test
    void shouldLeaveOutTheFullStopAtTheEnd() {
        assertThat(Clause.of("Flush interrupted.")).isEqualTo("Flush interrupted");
        assertThat(Clause.of("no: a.b.c denied. \n")).isEqualTo("no: a.b.c denied");
        assertThat(Clause.of("closed")).isEqualTo("closed");
        assertThat(Clause.of("")).isEmpty();
    }

    @Test
    void shouldSayWhatAFailureIsThatHasNoMessage() {
        assertThat(Clause.of(new IOException())).isEqualTo("java.io.IOException");
        assertThat(Clause.of(new IOException("broken pipe."))).isEqualTo("broken pipe");
    }

    /** Another's message may end with a full stop of its own. */
    @Test
    void shouldBeWhatASentenceGoesOnAfter() throws IOException {
        List<Path> wrong = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                if (MESSAGE_AND_FULL_STOP.matcher(Files.readString(source)).find()) {
                    wrong.add(source);
                }
            }
        }
        assertThat(wrong).as("use Clause.of(failure)").isEmpty();
    }
}
