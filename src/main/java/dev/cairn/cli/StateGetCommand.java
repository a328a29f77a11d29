package dev.cairn.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.cairn.state.EntryRange;
import dev.cairn.state.EntrySelection;
import dev.cairn.state.EntryText;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateScan;

/** The value of one key, or its entries in a map or list, one in a line. */
@Command(
        name = "get",
        description = "Show the value that a state has for one key, in a checkpoint, a partition, a job or a savepoint;"
                + " of a map or list its entries, one in a line. Exit code 1 when it has none.")
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

    @Option(
            names = "--entry",
            paramLabel = "<entry>",
            description =
                    "Only this entry of the key, as it is shown: a key in a map, a number in a list. Keys that are"
                            + " no text, number or point in time are written as {\"base64\":\"...\"}.")
    private String entry;

    @Option(
            names = "--prefix",
            paramLabel = "<text>",
            description = "Only entries of a map whose keys begin with this text.")
    private String prefix;

    @Option(
            names = "--from",
            paramLabel = "<entry>",
            description = "Begin with this key or number, and not with the first one.")
    private String from;

    @Option(names = "--reversed", description = "The last entries first.")
    private boolean reversed;

    @Option(
            names = "--limit",
            paramLabel = "<entries>",
            description = "At most so many entries of the key. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int limit;

    /** The first entry that is not shown; {@code null} without. */
    private String next;

    @Override
    public Integer call() {
        byte[] wanted = wanted();
        try (StoredState stored = StoredState.open(path)) {
            stored.requireState(state);
            List<StateEntry> found = find(stored, wanted, new EntrySelection(entry, prefix, from, reversed, limit));
            if (found.isEmpty()) {
                throw new CommandException("the state '" + state + "' has no value for this key"
                        + (entry == null ? "" : " and entry") + (prefix == null ? "" : " and prefix") + " in "
                        + stored.description()
                        + ". Correct the key; state export shows which ones there are");
            }
            found.forEach(each -> print(each, each.asText()));
            if (next != null) {
                remark("there are more entries: raise --limit, or continue with --from '" + next + "'");
            }
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
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

    /** What the first partition has that has anything. */
    private List<StateEntry> find(StoredState stored, byte[] wanted, EntrySelection entries) {
        List<StateEntry> found = new ArrayList<>();
        for (int partition : stored.partitionsFor(wanted)) {
            try (StoredState.OpenedPartition opened = stored.open(partition)) {
                opened.state(state)
                        .ifPresent(descriptor ->
                                read(opened, partition, descriptor, entries.in(descriptor, wanted), found));
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
            EntryRange range,
            List<StateEntry> found) {
        try (StateScan scan = opened.database().scan(descriptor, range)) {
            while (scan.next()) {
                byte[] value = scan.value();
                if (!opened.shows(descriptor, value)) {
                    continue;
                }
                if (found.size() == limit) {
                    next = EntryText.of(descriptor)
                            .text(descriptor.restOf(scan.key()).orElseThrow());
                    break;
                }
                found.add(StateEntry.of(partition, descriptor, scan.key(), value));
            }
        }
    }
}
