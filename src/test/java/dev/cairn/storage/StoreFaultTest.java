package dev.cairn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class StoreFaultTest {

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, DENIED",
        "403, , DENIED",
        "401, Unauthorized, DENIED",
        "403, InvalidAccessKeyId, DENIED",
        "403, SignatureDoesNotMatch, DENIED",
        "400, InvalidToken, DENIED",
        "404, NoSuchBucket, NO_BUCKET",
        "403, QuotaExceeded, NO_SPACE",
        "507, XMinioStorageFull, NO_SPACE",
        "507, , NO_SPACE",
        "400, ExpiredToken, TRANSIENT",
        "403, RequestTimeTooSkewed, TRANSIENT",
        "404, NoSuchUpload, TRANSIENT",
        "409, ConditionalRequestConflict, TRANSIENT",
        "429, TooManyRequests, TRANSIENT",
        "500, InternalError, TRANSIENT",
        "503, SlowDown, TRANSIENT",
        "503, , TRANSIENT",
        "504, , TRANSIENT"
    })
    void shouldTellByTheAnswerOfS3(int status, String code, StoreFault fault) {
        S3Exception answer = (S3Exception) S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .message("no")
                .build();

        assertThat(new StorageException("cannot store it", answer).fault()).isEqualTo(fault);
    }

    static Stream<Object[]> failures() {
        return Stream.of(
                new Object[] {new IOException("No space left on device"), StoreFault.NO_SPACE},
                new Object[] {new FileSystemException("/x", null, "Disk quota exceeded"), StoreFault.NO_SPACE},
                new Object[] {new FileSystemException("/x", null, "Read-only file system"), StoreFault.NO_SPACE},
                new Object[] {new AccessDeniedException("/x"), StoreFault.DENIED},
                new Object[] {new FileSystemException("/x", null, "Operation not permitted"), StoreFault.DENIED},
                new Object[] {new NoSuchFileException("/x"), StoreFault.TRANSIENT},
                new Object[] {new IOException("Stale file handle"), StoreFault.TRANSIENT},
                new Object[] {new IOException((String) null), StoreFault.TRANSIENT},
                new Object[] {
                    SdkClientException.create("cannot connect", new ConnectException("refused")), StoreFault.TRANSIENT
                },
                new Object[] {SdkClientException.create("no answer", new SocketTimeoutException()), StoreFault.TRANSIENT
                },
                new Object[] {new UncheckedIOException(new IOException("No space left on device")), StoreFault.NO_SPACE
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldTellByTheCause(Exception cause, StoreFault fault) {
        assertThat(new StorageException("cannot store it", cause).fault()).isEqualTo(fault);
    }

    @Test
    void shouldOnlyTryAgainWhatMayPass() {
        for (StoreFault fault : StoreFault.values()) {
            assertThat(fault.isPermanent()).isEqualTo(fault != StoreFault.TRANSIENT);
            assertThat(fault.wayOut().isEmpty()).isEqualTo(fault == StoreFault.TRANSIENT);
        }
    }
}
