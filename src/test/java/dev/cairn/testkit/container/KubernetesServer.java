package dev.cairn.testkit.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.cairn.testkit.SelfSigned;

/**
 * The one resource of Kubernetes' API that a worker reads, served as it is there: by TLS, to who has the service account's
 * token. Where there is no cluster, this stands for one.
 */
public final class KubernetesServer implements AutoCloseable {

    private static final String TOKEN = "the-token-of-the-pod";
    private static final String NAMESPACE = "streams";
    private static final String NAME = "cairn";
    private static final String PATH = "/apis/apps/v1/namespaces/" + NAMESPACE + "/statefulsets/" + NAME;

    private final HttpsServer server;
    private final Path serviceAccount;
    private volatile int replicas;
    private volatile boolean permitted = true;

    private KubernetesServer(HttpsServer server, Path serviceAccount, int replicas) {
        this.server = server;
        this.serviceAccount = serviceAccount;
        this.replicas = replicas;
    }

    /** With a StatefulSet of so many replicas. */
    public static KubernetesServer start(Path directory, int replicas) throws IOException, GeneralSecurityException {
        SelfSigned keys = SelfSigned.create(directory);
        Path serviceAccount = Files.createDirectories(directory.resolve("serviceaccount"));
        Files.writeString(serviceAccount.resolve("token"), TOKEN);
        Files.writeString(serviceAccount.resolve("namespace"), NAMESPACE);
        Files.writeString(serviceAccount.resolve("ca.crt"), keys.certificate());
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
        KubernetesServer kubernetes = new KubernetesServer(https, serviceAccount, replicas);
        https.createContext("/", kubernetes::answer);
        https.start();
        return kubernetes;
    }

    /** What a pod of the StatefulSet finds around it. */
    public Map<String, String> pod(int ordinal) {
        return Map.of(
                "HOSTNAME",
                NAME + "-" + ordinal,
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(server.getAddress().getPort()),
                "cairn.kubernetes.stateful-set",
                NAME,
                "cairn.kubernetes.service-account-dir",
                serviceAccount.toString());
    }

    /** Wants so many from now on. */
    public void scale(int now) {
        replicas = now;
    }

    /** Takes the right to read the StatefulSet away. */
    public void forbid() {
        permitted = false;
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean known = ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        int status = !known
                ? 401
                : !permitted ? 403 : exchange.getRequestURI().getPath().equals(PATH) ? 200 : 404;
        String body = status == 200
                ? "{\"kind\":\"StatefulSet\",\"metadata\":{\"name\":\"" + NAME + "\"},\"spec\":{\"replicas\":"
                        + replicas + ",\"podManagementPolicy\":\"Parallel\"},\"status\":{\"replicas\":9}}"
                : "{\"kind\":\"Status\",\"code\":" + status + "}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
