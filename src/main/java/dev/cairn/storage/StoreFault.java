package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Set;

import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What kind of failure a store has, and so whether trying again may help. The only place that decides this. */
public enum StoreFault {
    /** It may pass by itself: no answer, a time-out, too many requests, an error inside of the store. */
    TRANSIENT(""),
    /** The store does not let this process do it. */
    DENIED("Correct the credentials or the rights of this process"),
    /** The bucket does not exist. */
    NO_BUCKET("Create the bucket, or correct its name"),
    /** The store is full, its quota is used up, or it is read-only. */
    NO_SPACE("Free or add space, or make the store writable");

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int INSUFFICIENT_STORAGE = 507;

    /** Answers that are about the moment, whatever their status. */
    private static final Set<String> TRANSIENT_CODES =
            Set.of("RequestTimeTooSkewed", "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "SlowDown");

    private static final Set<String> DENIED_CODES = Set.of(
            "AccessDenied",
            "AccountProblem",
            "AllAccessDisabled",
            "InvalidAccessKeyId",
            "InvalidToken",
            "SignatureDoesNotMatch",
            "UnauthorizedAccess");

    /** Ceph's gateway and MinIO have codes of their own for a store that is full. */
    private static final Set<String> NO_SPACE_CODES =
            Set.of("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage");

    /** As Linux, macOS and Windows put it. */
    private static final List<String> NO_SPACE_WORDS = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "Disc quota exceeded",
            "Read-only file system",
            "There is not enough space on the disk");

    private static final List<String> DENIED_WORDS = List.of("Permission denied", "Operation not permitted");

    private final String wayOut;

    StoreFault(String wayOut) {
        this.wayOut = wayOut;
    }

    /** Whether trying again is of no use until a person has changed something. */
    public boolean isPermanent() {
        return this != TRANSIENT;
    }

    /** What a person can do, a sentence without its full stop; empty where it may pass by itself. */
    public String wayOut() {
        return wayOut;
    }

    /** Which one a failure is, by the first of its causes that says so. */
    public static StoreFault of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            StoreFault fault = ofThis(cause);
            if (fault != TRANSIENT) {
                return fault;
            }
        }
        return TRANSIENT;
    }

    private static StoreFault ofThis(Throwable cause) {
        if (cause instanceof AwsServiceException answer) {
            return ofAnswer(answer);
        }
        if (cause instanceof AccessDeniedException) {
            return DENIED;
        }
        return cause instanceof IOException e ? ofWords(words(e)) : TRANSIENT;
    }

    private static StoreFault ofAnswer(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? ""
                : String.valueOf(answer.awsErrorDetails().errorCode());
        if (TRANSIENT_CODES.contains(code)) {
            return TRANSIENT;
        }
        if (code.equals("NoSuchBucket")) {
            return NO_BUCKET;
        }
        if (NO_SPACE_CODES.contains(code) || answer.statusCode() == INSUFFICIENT_STORAGE) {
            return NO_SPACE;
        }
        boolean refused = answer.statusCode() == UNAUTHORIZED || answer.statusCode() == FORBIDDEN;
        return refused || DENIED_CODES.contains(code) ? DENIED : TRANSIENT;
    }

    private static String words(IOException e) {
        return String.valueOf(e instanceof FileSystemException file ? file.getReason() : e.getMessage());
    }

    private static StoreFault ofWords(String words) {
        if (NO_SPACE_WORDS.stream().anyMatch(words::contains)) {
            return NO_SPACE;
        }
        return DENIED_WORDS.stream().anyMatch(words::contains) ? DENIED : TRANSIENT;
    }
}
