package dev.cairn.testkit.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/** A server of S3's protocol in this process, on a port of its own, with its objects in a directory. */
public final class S3Server implements S3Service {

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
        return start(directory, between, false);
    }

    /** One that lets requests of a role's session pass: S3Proxy refuses their token as a header that it does not know. */
    public static S3Server startForSessions(Path directory) {
        return start(directory, UnaryOperator.identity(), true);
    }

    private static S3Server start(Path directory, UnaryOperator<BlobStore> between, boolean ignoreUnknownHeaders) {
        Properties settings = new Properties();
        settings.setProperty("jclouds.filesystem.basedir", directory.toString());
        BlobStore objects = BlobStores.create("filesystem-nio2", settings);
        S3Proxy server = S3Proxy.builder()
                .blobStore(between.apply(objects))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .ignoreUnknownHeaders(ignoreUnknownHeaders)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server of S3's protocol does not start", e);
        }
        return new S3Server(server);
    }

    @Override
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** Tests of this one hold answers back, to see what becomes of it. */
    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(S3Service.super.settings());
        settings.put("quarkus.s3.sync-client.socket-timeout", "1S");
        return settings;
    }

    /** A client with the right credentials, of a server in whichever process. */
    public static S3Client client(URI endpoint) {
        return S3Service.clientBuilder(endpoint, SECRET_KEY).build();
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
