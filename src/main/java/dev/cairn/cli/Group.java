package dev.cairn.cli;

import java.util.Optional;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.checkpoint.GroupSource;

/**
 * The job's consumer group, where the worker's settings say how to reach it.
 *
 * @param pointers asks it; nothing where Kafka is not configured
 */
record Group(Optional<GroupPointers> pointers) implements AutoCloseable {

    static Group of(String job) {
        return new Group(GroupPointers.of(ConfigProvider.getConfig(), job));
    }

    boolean isAsked() {
        return pointers.isPresent();
    }

    GroupSource source() {
        return isAsked() ? pointers.get() : GroupSource.NOT_ASKED;
    }

    @Override
    public void close() {
        pointers.ifPresent(GroupPointers::close);
    }
}
