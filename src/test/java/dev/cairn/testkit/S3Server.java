package dev.cairn.testkit;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A server of S3's protocol in this process, on a port of its own, with its objects in a directory. */
public final class S3Server implements AutoCloseable {

    private static final String ACCESS_KEY = "cairn";
    private static final String SECRET_KEY = "cairn-secret";

    private final S3Proxy server;

    private S3Server(S3Proxy server) {
        this.server = server;
    }

    /** Starts one that has a bucket for each directory in this one. */
    public static S3Server start(Path directory) {
        return start(directory, UnaryOperator.identity());
    }

    /** The same, with something between the protocol and the directory. */
    public static S3Server start(Path directory, UnaryOperator<BlobStore> between) {
        Properties settings = new Properties();
        settings.setProperty("jclouds.filesystem.basedir", directory.toString());
        BlobStore objects = BlobStores.create("filesystem-nio2", settings);
        S3Proxy server = S3Proxy.builder()
                .blobStore(between.apply(objects))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server of S3's protocol does not start", e);
        }
        return new S3Server(server);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** What a worker needs to be told of it. */
    public Map<String, String> settings() {
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
                SECRET_KEY,
                "quarkus.s3.sync-client.socket-timeout",
                "1S");
    }

    /** A client with the right credentials. */
    public S3Client client() {
        return client(SECRET_KEY);
    }

    /** A client with these credentials. */
    public S3Client client(String secretKey) {
        return clientBuilder(endpoint(), secretKey).build();
    }

    /** A client with the right credentials, and whatever else is asked of it. */
    public S3Client client(ClientOverrideConfiguration configuration) {
        return clientBuilder(endpoint(), SECRET_KEY)
                .overrideConfiguration(configuration)
                .build();
    }

    /** A client with the right credentials, of a server in whichever process. */
    public static S3Client client(URI endpoint) {
        return clientBuilder(endpoint, SECRET_KEY).build();
    }

    private static S3ClientBuilder clientBuilder(URI endpoint, String secretKey) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey)))
                .httpClientBuilder(ApacheHttpClient.builder());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server of S3's protocol does not stop", e);
        }
    }
}
