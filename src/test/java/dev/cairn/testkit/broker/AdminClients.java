package dev.cairn.testkit.broker;

import java.util.Map;

import org.apache.kafka.clients.admin.Admin;

import dev.cairn.testkit.Logs;

/** Admin clients of the brokers. */
final class AdminClients {

    private AdminClients() {}

    static Admin of(String bootstrapServers) {
        Logs.quiet();
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }
}
