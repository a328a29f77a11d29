package dev.cairn.testkit.broker;

/** A broker that someone else started, and ends. */
final class AttachedBroker extends ConnectedBroker {

    AttachedBroker(String bootstrapServers) {
        super(bootstrapServers);
    }

    /** Lets go of it. */
    @Override
    public void close() {
        admin().close();
    }
}
