package dev.cairn.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.cairn.state.Decoder;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateScan;

/** The value of one key, or its entries in a map or list, one in a line. */
@Command(
        name = "get",
        description = "Show the value that a state has for one key, in a checkpoint, a partition, a job or a savepoint;"
                + " of a map or list its entries, one in a line. Exit code 1 when it has none.")
final class StateGetCommand implements Callable<Integer> {

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

    @Option(
            names = "--entry",
            paramLabel = "<entry>",
            description = "Only this entry of the key, as it is shown: a key in a map, a number in a list.")
    private String entry;

    @Option(
            names = "--limit",
            paramLabel = "<entries>",
            description = "At most so many entries of the key. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int limit;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        byte[] wanted = wanted();
        try (StoredState stored = StoredState.open(path)) {
            stored.requireState(state);
            List<StateEntry> found = find(stored, wanted);
            if (found.isEmpty()) {
                throw new CommandException("the state '" + state + "' has no value for this key"
                        + (entry == null ? "" : " and entry") + " in " + stored.description()
                        + ". Correct the key; state export shows which ones there are");
            }
            PrintWriter out = spec.commandLine().getOut();
            found.forEach(each -> output.print(out, each, each.asText()));
        }
        return ExitCode.OK;
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

    /** What the first partition has that has anything. */
    private List<StateEntry> find(StoredState stored, byte[] wanted) {
        List<StateEntry> found = new ArrayList<>();
        for (int partition : stored.partitionsFor(wanted)) {
            try (StoredState.OpenedPartition opened = stored.open(partition)) {
                opened.state(state).ifPresent(descriptor -> read(opened, partition, descriptor, wanted, found));
            }
            if (!found.isEmpty()) {
                break;
            }
        }
        return found;
    }

    private void read(
            StoredState.OpenedPartition opened,
            int partition,
            StateDescriptor descriptor,
            byte[] wanted,
            List<StateEntry> found) {
        try (StateScan scan = opened.database().scan(descriptor, wanted)) {
            while (found.size() < limit && scan.next()) {
                StateEntry each = StateEntry.of(partition, descriptor, scan.key(), scan.value());
                if (entry == null
                        || (each.entry() != null && Decoder.asText(each.entry()).equals(entry))) {
                    found.add(each);
                }
            }
        }
    }
}
