package dev.cairn.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reads from Kubernetes' API, as the service account of the worker's pod.
 *
 * @param server host and port
 * @param serviceAccount directory with {@code token}, {@code namespace} and {@code ca.crt}
 */
record KubernetesApi(String server, Path serviceAccount) {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int OK = 200;

    /** The namespace of the worker's pod. */
    String namespace() throws IOException {
        return Files.readString(serviceAccount.resolve("namespace")).strip();
    }

    /**
     * Reads a resource.
     *
     * @param path beginning with a slash
     * @return its JSON
     * @throws IOException if it cannot be had within some seconds
     */
    byte[] get(String path) throws IOException {
        // The token is renewed every hour, in the file.
        String token = Files.readString(serviceAccount.resolve("token")).strip();
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(LIMIT)
                .sslContext(trust(serviceAccount.resolve("ca.crt")))
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + server + path))
                .timeout(LIMIT)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != OK) {
                throw new IOException("https://" + server + path + " answers " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking https://" + server, e);
        }
    }

    /** Trusts who is certified by one of these authorities, and no one else. */
    private static SSLContext trust(Path authorities) throws IOException {
        try (InputStream pem = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the certificates in " + authorities + ": " + e.getMessage(), e);
        }
    }
}
