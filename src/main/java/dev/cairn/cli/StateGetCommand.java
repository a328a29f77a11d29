package dev.cairn.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.cairn.state.Decoder;

/** The value of one key. */
@Command(
        name = "get",
        description = "Show the value that a state has for one key, in a checkpoint, a partition, a job or a savepoint."
                + " Exit code 1 when it has none.")
final class StateGetCommand extends ResultCommand {

    @Parameters(
            index = "0",
            paramLabel = "<path>",
            description = "A savepoint, a job's directory or a partition's (the newest checkpoint that is known to be"
                    + " committed), or a checkpoint's chk-<n> directory or _metadata.")
    private String path;

    @Parameters(index = "1", paramLabel = "<state>", description = "Name of the state.")
    private String state;

    @Parameters(index = "2", paramLabel = "<key>", description = "The record's key, as text.")
    private String key;

    @Option(names = "--base64", description = "The key is given in Base64, for one that is no text.")
    private boolean base64;

    @Override
    public Integer call() {
        byte[] wanted = wanted();
        try (StoredState stored = StoredState.open(path)) {
            stored.requireState(state);
            StateEntry entry = find(stored, wanted)
                    .orElseThrow(() -> new CommandException("the state '" + state + "' has no value for this key in "
                            + stored.description() + ". Correct the key; state export shows which ones there are"));
            return print(entry, Decoder.asText(entry.value()));
        }
    }

    private byte[] wanted() {
        if (!base64) {
            return key.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            throw new CommandException("the key is not in Base64. Correct it, or leave --base64 out", e);
        }
    }

    private Optional<StateEntry> find(StoredState stored, byte[] wanted) {
        for (int partition : stored.partitionsFor(wanted)) {
            try (StoredState.OpenedPartition opened = stored.open(partition)) {
                Optional<StateEntry> found = opened.state(state).flatMap(descriptor -> opened.database()
                        .value(descriptor, wanted)
                        .map(value -> new StateEntry(
                                partition,
                                state,
                                Decoder.ofKeys().decode(wanted),
                                Decoder.ofValues(descriptor).decode(value))));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
