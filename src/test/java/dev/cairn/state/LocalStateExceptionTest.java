package dev.cairn.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A full disk is no damaged database: it must not be thrown away. */
class LocalStateExceptionTest {

    @ParameterizedTest
    @CsvSource({
        "IO error: No space left on device: While open a file for appending: /d/db/000010.log: No space left on device, true",
        "IO error: While open a file for random read: /d/db/000010.sst: Too many open files, true",
        "IO error: While open a file for random read: /d/db/000010.sst: Permission denied, true",
        "IO error: While appending to file: /d/db/000010.log: Read-only file system, true",
        "IO error: No such file or directory: While open a file for random read: /d/db/000010.sst, false",
        "Corruption: block checksum mismatch, false"
    })
    void shouldTellAShortageFromDamage(String said, boolean shortage) {
        assertThat(new LocalStateException("cannot open the database in /d/db: " + said, new IOException(said))
                        .isShortage())
                .isEqualTo(shortage);
    }
}
