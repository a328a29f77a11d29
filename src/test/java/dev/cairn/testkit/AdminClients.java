package dev.cairn.testkit;

import java.util.Map;

import org.apache.kafka.clients.admin.Admin;

/** Admin clients of the brokers. */
final class AdminClients {

    private AdminClients() {}

    static Admin of(String bootstrapServers) {
        Logs.quiet();
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }
}
