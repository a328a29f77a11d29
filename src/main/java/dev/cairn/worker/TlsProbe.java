package dev.cairn.worker;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.apache.kafka.common.utils.Utils;

/**
 * Says whether a client with TLS talks to a port without, or the other way round. Kafka's clients only say that they have
 * had no answer. Asked once they have said so: a broker notes a stranger's handshake in its log.
 */
final class TlsProbe {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** What a port answers to the beginning of TLS. */
    private enum Port {
        WITH_TLS,
        WITHOUT_TLS,
        UNKNOWN
    }

    private TlsProbe() {}

    /** What is wrong with the protocol, as far as it can be seen. */
    static Optional<String> problem(Map<String, ?> kafka) {
        Object configured = kafka.get("security.protocol");
        String protocol =
                configured == null ? "PLAINTEXT" : configured.toString().toUpperCase(Locale.ROOT);
        boolean clientUsesTls = protocol.endsWith("SSL");
        for (String server : kafka.get("bootstrap.servers").toString().split(",", -1)) {
            String address = server.strip();
            Port port = probe(Utils.getHost(address), Utils.getPort(address));
            if (port == Port.WITH_TLS && !clientUsesTls) {
                return Optional.of("the port of " + address + " speaks TLS, but kafka.security.protocol=" + protocol
                        + " does not: set SSL or SASL_SSL, or take the port without TLS");
            }
            if (port == Port.WITHOUT_TLS && clientUsesTls) {
                return Optional.of(
                        "the port of " + address + " does not seem to speak TLS, but kafka.security.protocol="
                                + protocol + " does: set PLAINTEXT or SASL_PLAINTEXT, or take the port with TLS");
            }
        }
        return Optional.empty();
    }

    private static Port probe(String host, Integer port) {
        if (host == null || port == null) {
            return Port.UNKNOWN;
        }
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), (int) LIMIT.toMillis());
            plain.setSoTimeout((int) LIMIT.toMillis());
            try (SSLSocket socket =
                    (SSLSocket) anyCertificate().getSocketFactory().createSocket(plain, host, port, true)) {
                socket.startHandshake();
                return Port.WITH_TLS;
            } catch (SSLHandshakeException e) {
                // An alert is an answer; a port that does not know TLS hangs up.
                return e.getCause() instanceof EOFException ? Port.WITHOUT_TLS : Port.WITH_TLS;
            } catch (SSLException e) {
                return Port.WITHOUT_TLS;
            }
        } catch (IOException | GeneralSecurityException e) {
            return Port.UNKNOWN;
        }
    }

    /** Nothing is sent over the connection, so it does not matter who answers. */
    private static SSLContext anyCertificate() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustingAny()}, new SecureRandom());
        return context;
    }

    private static final class TrustingAny implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
