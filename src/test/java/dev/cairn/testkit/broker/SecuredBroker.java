package dev.cairn.testkit.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.CertificateAuthority;
import dev.cairn.testkit.Logs;
import dev.cairn.testkit.Ports;

/**
 * A broker in this JVM that lets clients in by TLS ({@code SASL_SSL}) who have a certificate and the user's password. Tests
 * themselves connect without either. Thread-safe.
 */
public final class SecuredBroker extends ConnectedBroker {

    private static final String USER = "worker";
    private static final String PASSWORD = "worker-secret";
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final String PLAIN_LOGIN = MODULES + "plain.PlainLoginModule required ";
    private static final String SCRAM_LOGIN = MODULES + "scram.ScramLoginModule required ";

    private final String userServers;
    private final KafkaNode node;
    private final CertificateAuthority authority;
    private final CertificateAuthority.Issued client;

    private SecuredBroker(String bootstrapServers, String userServers, KafkaNode node, CertificateAuthority authority)
            throws GeneralSecurityException, IOException {
        super(bootstrapServers);
        this.userServers = userServers;
        this.node = node;
        this.authority = authority;
        this.client = authority.issue("client");
    }

    /** Starts it on a new directory, which stays when it is closed. */
    public static SecuredBroker start(Path directory) throws GeneralSecurityException, IOException {
        Logs.quiet();
        CertificateAuthority authority = CertificateAuthority.create(directory.resolve("authority"));
        Path data = directory.resolve("data");
        int port = Ports.free();
        int userPort = Ports.free();
        int controllerPort = Ports.free();
        Map<String, String> settings = BrokerSettings.singleNode(data, port, controllerPort);
        String clients = "PLAINTEXT://localhost:" + port + ",USERS://localhost:" + userPort;
        settings.put("listeners", clients + ",CONTROLLER://localhost:" + controllerPort);
        settings.put("advertised.listeners", clients);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,USERS:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        Map<String, String> ofUsers = stores("PKCS12", authority.issue("broker").store(), authority.trustStore());
        ofUsers.putAll(passwords());
        ofUsers.put("ssl.client.auth", "required");
        ofUsers.put("plain.sasl.jaas.config", PLAIN_LOGIN + "user_" + USER + "=\"" + PASSWORD + "\";");
        ofUsers.put("scram-sha-512.sasl.jaas.config", SCRAM_LOGIN + ";");
        ofUsers.forEach((name, value) -> settings.put("listener.name.users." + name, value));
        SecuredBroker broker = new SecuredBroker(
                "localhost:" + port, "localhost:" + userPort, KafkaNode.start(data, settings), authority);
        Answers.of(broker.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                .all());
        return broker;
    }

    /** What a worker is configured with that has its certificates in files of PEM, and uses SCRAM. */
    public Map<String, String> pemAndScram() throws IOException {
        Path own = client.certificate().resolveSibling("client.pem");
        Files.writeString(own, Files.readString(client.key()) + Files.readString(client.certificate()));
        return user("SCRAM-SHA-512", SCRAM_LOGIN, stores("PEM", own, authority.certificate()));
    }

    /** What a worker is configured with that has its certificates in files of PKCS #12, and uses PLAIN. */
    public Map<String, String> pkcs12AndPlain() {
        Map<String, String> stores = stores("PKCS12", client.store(), authority.trustStore());
        stores.putAll(passwords());
        return user("PLAIN", PLAIN_LOGIN, stores);
    }

    private static Map<String, String> stores(String type, Path keys, Path trusted) {
        return new HashMap<>(Map.of(
                "ssl.keystore.type",
                type,
                "ssl.keystore.location",
                keys.toAbsolutePath().toString(),
                "ssl.truststore.type",
                type,
                "ssl.truststore.location",
                trusted.toAbsolutePath().toString()));
    }

    private static Map<String, String> passwords() {
        return Map.of(
                "ssl.keystore.password", CertificateAuthority.PASSWORD,
                "ssl.truststore.password", CertificateAuthority.PASSWORD);
    }

    private Map<String, String> user(String mechanism, String login, Map<String, String> stores) {
        Map<String, String> settings = new HashMap<>();
        stores.forEach((name, value) -> settings.put("kafka." + name, value));
        settings.put("kafka.bootstrap.servers", userServers);
        settings.put("kafka.security.protocol", "SASL_SSL");
        settings.put("kafka.sasl.mechanism", mechanism);
        settings.put("kafka.sasl.jaas.config", login + "username=\"" + USER + "\" password=\"" + PASSWORD + "\";");
        return settings;
    }

    @Override
    public void close() {
        admin().close();
        node.close();
    }
}
