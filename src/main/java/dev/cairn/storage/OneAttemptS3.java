package dev.cairn.storage;

import java.util.function.Function;

import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Makes one attempt of a request: {@link RetryingObjectStore} makes the others, and so learns of every failure. The client
 * repeats only what belongs to a transfer in parts, which would otherwise begin again because of one of them. Thread-safe.
 */
final class OneAttemptS3 extends DelegatingS3Client {

    private static final SdkPlugin ONE_ATTEMPT = client ->
            client.overrideConfiguration(override -> override.retryStrategy(retries -> retries.maxAttempts(1)));

    /** @param client whose other settings stay as they are, and which its maker closes */
    OneAttemptS3(S3Client client) {
        super(client);
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        return operation.apply(isPart(request) ? request : once(request));
    }

    private static boolean isPart(S3Request request) {
        return request instanceof UploadPartRequest
                || (request instanceof GetObjectRequest read && read.range() != null);
    }

    @SuppressWarnings("unchecked") // A request's builder builds a request of the same kind.
    private static <T extends S3Request> T once(T request) {
        AwsRequest.Builder builder = request.toBuilder();
        AwsRequestOverrideConfiguration before = request.overrideConfiguration()
                .orElseGet(() -> AwsRequestOverrideConfiguration.builder().build());
        return (T) builder.overrideConfiguration(
                        before.toBuilder().addPlugin(ONE_ATTEMPT).build())
                .build();
    }
}
