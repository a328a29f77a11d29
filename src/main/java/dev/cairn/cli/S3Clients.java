package dev.cairn.cli;

import java.net.URI;
import java.util.Optional;

import org.eclipse.microprofile.config.Config;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A client of S3 for commands, which run without Quarkus. It takes the worker's settings for where and who; the others keep
 * the defaults of AWS's own client.
 */
final class S3Clients {

    private static final String STATIC = "quarkus.s3.aws.credentials.static-provider.";

    private S3Clients() {}

    static S3Client of(Config config) {
        S3ClientBuilder client = S3Client.builder().httpClientBuilder(ApacheHttpClient.builder());
        config.getOptionalValue("quarkus.s3.endpoint-override", URI.class).ifPresent(client::endpointOverride);
        config.getOptionalValue("quarkus.s3.path-style-access", Boolean.class).ifPresent(client::forcePathStyle);
        config.getOptionalValue("quarkus.s3.aws.region", String.class)
                .map(Region::of)
                .ifPresent(client::region);
        Optional<String> accessKey = config.getOptionalValue(STATIC + "access-key-id", String.class);
        Optional<String> secretKey = config.getOptionalValue(STATIC + "secret-access-key", String.class);
        if (accessKey.isPresent() && secretKey.isPresent()) {
            client.credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey.get(), secretKey.get())));
        }
        return client.build();
    }
}
