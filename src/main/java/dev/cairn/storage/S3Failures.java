package dev.cairn.storage;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.cairn.names.SettingNames;

/** What a failed request to S3 means for people. */
final class S3Failures {

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private S3Failures() {}

    /** Why it failed, in the store's own words where it gives any. */
    static String reason(RuntimeException e) {
        String message = e.getMessage();
        if (message == null) {
            return e.toString();
        }
        if (e instanceof S3Exception answer && isSilent(answer)) {
            return "the store answers " + code(answer) + message;
        }
        return message;
    }

    /** For a request that the store refuses as malformed without saying what is wrong with it; otherwise empty. */
    static String wayOutOfSilence(S3Exception e) {
        return e.statusCode() == BAD_REQUEST && isSilent(e)
                ? ". It does not know a part of the request. Set quarkus.s3.chunked-encoding=false and"
                        + " quarkus.s3.checksum-validation=false, which are Cairn's defaults, and check"
                        + " quarkus.s3.aws.region and " + SettingNames.S3_ENCRYPTION
                : "";
    }

    /** For a store that cannot be used at a start. */
    static String wayOut(S3Exception e) {
        return switch (e.statusCode()) {
            case NOT_FOUND -> ". Create the bucket, or correct " + SettingNames.CHECKPOINTS_DIR;
            case 401, 403 ->
                ". Check the credentials, and that they may get, put, delete and list objects (s3:GetObject,"
                        + " s3:PutObject, s3:DeleteObject, s3:ListBucket, s3:AbortMultipartUpload)";
            case 301, 307 -> ". Set quarkus.s3.aws.region to the bucket's region";
            case 501 ->
                ". Use a store with conditional writes (If-None-Match), and with the encryption that is asked for";
            default -> wayOutOfSilence(e);
        };
    }

    private static boolean isSilent(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null
                || details.errorMessage() == null
                || details.errorMessage().isBlank();
    }

    private static String code(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null
                        || details.errorCode() == null
                        || details.errorCode().isBlank()
                ? "without a reason"
                : details.errorCode();
    }
}
