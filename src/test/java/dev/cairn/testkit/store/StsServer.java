package dev.cairn.testkit.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;

/** AWS' service of tokens (STS): gives the user of an {@link S3Service} to those who show the token of a service account. */
public final class StsServer implements AutoCloseable {

    private static final String TOKEN = "a-token-of-a-service-account";

    private final HttpServer server;
    private final Path token;
    private final AtomicInteger given = new AtomicInteger();

    private StsServer(HttpServer server, Path token) {
        this.server = server;
        this.token = token;
    }

    /** Starts one. The token is in a file of this directory. */
    public static StsServer start(Path directory) throws IOException {
        Path token = Files.writeString(directory.resolve("service-account-token"), TOKEN);
        StsServer sts =
                new StsServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), token);
        sts.server.createContext("/", exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean isKnown =
                    asked.contains("Action=AssumeRoleWithWebIdentity") && asked.contains("WebIdentityToken=" + TOKEN);
            byte[] answer = (isKnown ? sts.credentials() : "").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(isKnown ? 200 : 400, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        sts.server.start();
        return sts;
    }

    private String credentials() {
        given.incrementAndGet();
        return """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <AssumeRoleWithWebIdentityResult>
                <AssumedRoleUser><AssumedRoleId>AROA:cairn</AssumedRoleId>
                <Arn>arn:aws:sts::000000000000:assumed-role/cairn/cairn</Arn></AssumedRoleUser>
                <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
                <SessionToken>session</SessionToken><Expiration>%s</Expiration></Credentials>
                </AssumeRoleWithWebIdentityResult>
                </AssumeRoleWithWebIdentityResponse>
                """.formatted(
                S3Service.ACCESS_KEY, S3Service.SECRET_KEY, Instant.now().plus(1, ChronoUnit.HOURS));
    }

    /** What a pod with a service account has (IRSA), and a setting instead of keys. */
    public Map<String, String> settings() {
        return Map.of(
                "AWS_ENDPOINT_URL_STS",
                "http://localhost:" + server.getAddress().getPort(),
                "AWS_REGION",
                "us-east-1",
                "AWS_ROLE_ARN",
                "arn:aws:iam::000000000000:role/cairn",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toAbsolutePath().toString(),
                "quarkus.s3.aws.credentials.type",
                "default");
    }

    /** How often it has given credentials. */
    public int given() {
        return given.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
