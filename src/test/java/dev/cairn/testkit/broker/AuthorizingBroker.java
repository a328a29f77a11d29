package dev.cairn.testkit.broker;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.Logs;
import dev.cairn.testkit.Ports;

/**
 * A broker in this JVM that asks what clients may do. Who connects without credentials may do everything; the user {@code
 * worker}, who has a password, may do everything that is not {@linkplain #deny denied}. Thread-safe.
 */
public final class AuthorizingBroker extends ConnectedBroker {

    private static final String USER = "worker";
    private static final String PASSWORD = "worker-secret";
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private final String userServers;
    private final KafkaNode node;

    private AuthorizingBroker(String bootstrapServers, String userServers, KafkaNode node) {
        super(bootstrapServers);
        this.userServers = userServers;
        this.node = node;
    }

    /** Starts it on a new directory, which stays when it is closed. */
    public static AuthorizingBroker start(Path data) {
        Logs.quiet();
        int port = Ports.free();
        int userPort = Ports.free();
        int controllerPort = Ports.free();
        Map<String, String> settings = BrokerSettings.singleNode(data, port, controllerPort);
        String clients = "PLAINTEXT://localhost:" + port + ",USERS://localhost:" + userPort;
        settings.put("listeners", clients + ",CONTROLLER://localhost:" + controllerPort);
        settings.put("advertised.listeners", clients);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,USERS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.users.plain.sasl.jaas.config", LOGIN + "user_" + USER + "=\"" + PASSWORD + "\";");
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        AuthorizingBroker broker =
                new AuthorizingBroker("localhost:" + port, "localhost:" + userPort, KafkaNode.start(data, settings));
        for (ResourceType type : List.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)) {
            broker.add(type, "*", AclOperation.ALL, AclPermissionType.ALLOW);
        }
        broker.add(ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALL, AclPermissionType.ALLOW);
        return broker;
    }

    /** What a worker is configured with to be the user. */
    public Map<String, String> userSettings() {
        return Map.of(
                "kafka.bootstrap.servers",
                userServers,
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                "PLAIN",
                "kafka.sasl.jaas.config",
                LOGIN + "username=\"" + USER + "\" password=\"" + PASSWORD + "\";");
    }

    /** Takes a right away from the user. */
    public void deny(ResourceType type, String name, AclOperation operation) {
        add(type, name, operation, AclPermissionType.DENY);
    }

    /** Gives a right back to the user that was denied. */
    public void allowAgain(ResourceType type, String name, AclOperation operation) {
        Answers.of(admin().deleteAcls(List.of(
                        binding(type, name, operation, AclPermissionType.DENY).toFilter()))
                .all());
    }

    private void add(ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        Collection<AclBinding> bindings = List.of(binding(type, name, operation, permission));
        Answers.of(admin().createAcls(bindings).all());
    }

    private static AclBinding binding(
            ResourceType type, String name, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + USER, "*", operation, permission));
    }

    @Override
    public void close() {
        admin().close();
        node.close();
    }
}
