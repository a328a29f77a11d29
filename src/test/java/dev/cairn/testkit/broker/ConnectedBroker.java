package dev.cairn.testkit.broker;

import java.util.Map;

import org.apache.kafka.clients.admin.Admin;

import dev.cairn.testkit.Logs;

/** A broker of which the address is known, with a client for its administration. */
abstract class ConnectedBroker implements TestBroker {

    private final String bootstrapServers;
    private final Admin admin;

    ConnectedBroker(String bootstrapServers) {
        Logs.quiet();
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    @Override
    public final String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public final Admin admin() {
        return admin;
    }
}
