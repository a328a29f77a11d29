package dev.cairn.fleet;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that all workers of a job are told.
 *
 * @param id unique; a worker follows it once
 * @param kind what to do
 * @param at when it was given
 * @param by the instance that gave it and waits for the answers, if it was a worker
 * @param target of a savepoint; the setting's directory where there is none
 */
record Command(String id, CommandKind kind, Instant at, Optional<String> by, Optional<String> target) {

    /** A new one, given now. */
    static Command of(CommandKind kind, String by) {
        return new Command(UUID.randomUUID().toString(), kind, Instant.now(), Optional.of(by), Optional.empty());
    }
}
