package dev.cairn.testkit.store;

import java.net.URI;
import java.util.Map;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** A service that speaks S3's protocol, on a port of its own, with one user. */
public interface S3Service extends AutoCloseable {

    /** The user's access key. */
    String ACCESS_KEY = "cairn";

    /** The user's secret key. */
    String SECRET_KEY = "cairn-secret";

    /** Where it listens. */
    URI endpoint();

    /** The settings of a worker, as the documentation has them for stores other than AWS's. */
    default Map<String, String> settings() {
        return Map.of(
                "quarkus.s3.endpoint-override",
                endpoint().toString(),
                "quarkus.s3.path-style-access",
                "true",
                "quarkus.s3.aws.region",
                "us-east-1",
                "quarkus.s3.aws.credentials.type",
                "static",
                "quarkus.s3.aws.credentials.static-provider.access-key-id",
                ACCESS_KEY,
                "quarkus.s3.aws.credentials.static-provider.secret-access-key",
                SECRET_KEY);
    }

    /** A client with the right credentials. */
    default S3Client client() {
        return client(SECRET_KEY);
    }

    /** A client with this secret key. */
    default S3Client client(String secretKey) {
        return clientBuilder(endpoint(), secretKey).build();
    }

    /** A client with the right credentials, and whatever else is asked of it. */
    default S3Client client(ClientOverrideConfiguration configuration) {
        return clientBuilder(endpoint(), SECRET_KEY)
                .overrideConfiguration(configuration)
                .build();
    }

    /** As Cairn's defaults make a worker's. */
    static S3ClientBuilder clientBuilder(URI endpoint, String secretKey) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(true)
                        .chunkedEncodingEnabled(false)
                        .build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey)))
                .httpClientBuilder(ApacheHttpClient.builder());
    }

    @Override
    void close();
}
