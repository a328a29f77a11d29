package dev.cairn.testkit.broker;

import org.apache.kafka.clients.admin.Admin;

/** A broker that somebody else started, and ends. */
final class AttachedBroker implements TestBroker {

    private final String bootstrapServers;
    private final Admin admin;

    AttachedBroker(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = AdminClients.of(bootstrapServers);
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public Admin admin() {
        return admin;
    }

    /** Lets go of it. */
    @Override
    public void close() {
        admin.close();
    }
}
