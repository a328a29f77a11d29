package dev.cairn.cli;

import java.util.Objects;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.store.CheckpointDescription;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.FoundCheckpoints;
import dev.cairn.job.Jobs;
import dev.cairn.settings.MemorySize;
import dev.cairn.storage.ObjectStore;

/** Everything that a checkpoint's {@code _metadata} says. */
@Command(name = "inspect", description = "Show what a checkpoint is: everything in its _metadata.")
final class CheckpointsInspectCommand extends ResultCommand {

    @Parameters(paramLabel = "<path>", description = "A chk-<n> directory, or its _metadata.")
    private String path;

    @Override
    public Integer call() {
        CheckpointPath pointed = CheckpointPath.of(path);
        if (pointed.partition().isEmpty() || pointed.number().isEmpty()) {
            throw new CommandException(path + " is not one checkpoint. Give a chk-<n> directory or its _metadata;"
                    + " checkpoints list shows what is there");
        }
        try (ObjectStore objects = pointed.directory().open()) {
            CheckpointStore store = new CheckpointStore(
                    objects, pointed.job(), pointed.partition().getAsInt());
            FoundCheckpoint found = FoundCheckpoints.in(store).stream()
                    .filter(checkpoint ->
                            checkpoint.number() == pointed.number().getAsLong())
                    .findFirst()
                    .orElseThrow(() -> Jobs.noCheckpoint(store, pointed.number().getAsLong()));
            if (found instanceof FoundCheckpoint.Legible legible) {
                CheckpointDescription view = CheckpointDescription.of(store.location(), legible);
                return print(view, text(view));
            }
            throw new CommandException(((FoundCheckpoint.Damaged) found).cause() + ". " + Jobs.WAY_OUT);
        }
    }

    private static String text(CheckpointDescription view) {
        Table facts = new Table("checkpoint", view.location())
                .row("unique id", view.uid())
                .row("job", view.job())
                .row("partition", view.partition())
                .row("committed", Texts.committed(view.committed()))
                .row(
                        "parent",
                        view.parent() == null
                                ? "none, it is the first"
                                : view.parent() + " " + view.parent().uid())
                .row("written", view.createdAt())
                .row(
                        "by",
                        view.writtenBy().instance() + ", Cairn "
                                + view.writtenBy().version())
                .row(
                        "Kafka cluster",
                        Objects.requireNonNullElse(view.writtenBy().clusterId(), "not recorded"))
                .row("transactions", String.join(" ", view.writtenBy().transactionalIds()))
                .row("format", view.formatVersion())
                .row("own delta", MemorySize.approximately(view.deltaBytes()))
                .row("all it needs", MemorySize.approximately(view.fullBytes()));
        if (view.durations() != null) {
            facts.row(
                    "durations",
                    "freeze %s ms, write %s ms, upload %s ms"
                            .formatted(
                                    view.durations().freezeMillis(),
                                    view.durations().writeMillis(),
                                    view.durations().uploadMillis()));
        }
        Table positions = new Table("TOPIC", "NEXT OFFSET", "PARTITIONS OF THE TOPIC", "TOPIC ID");
        view.positions()
                .forEach(position -> positions.row(
                        position.topic(),
                        position.offset(),
                        position.partitionCount(),
                        Objects.requireNonNullElse(position.topicId(), "not recorded")));
        Table states = new Table("STATE", "KIND", "KEYS", "SERIALIZER", "ID");
        view.states()
                .forEach(state -> states.row(
                        state.name(),
                        state.kind(),
                        Objects.requireNonNullElse(state.keySerializer(), ""),
                        state.serializer(),
                        state.id()));
        Table parts = new Table("PART", "HOLDS", "SIZE", "CRC32C", "OBJECT");
        if (view.base() != null) {
            ObjectRef description = view.base().description();
            parts.row(
                    "base",
                    "chk-" + view.base().number() + " " + view.base().checkpoint(),
                    MemorySize.approximately(view.base().bytes()),
                    description.crc32c(),
                    description.path());
        }
        for (CheckpointDescription.DeltaDescription delta : view.deltas()) {
            String last = delta.checkpoints().get(delta.checkpoints().size() - 1);
            String holds =
                    delta.checkpoints().size() == 1 ? last : delta.checkpoints().size() + " checkpoints to " + last;
            ObjectRef object = delta.object() == null
                    ? new ObjectRef("in _metadata", delta.inlineBytes(), delta.inlineCrc32c())
                    : delta.object();
            parts.row("delta", holds, MemorySize.approximately(object.size()), object.crc32c(), object.path());
        }
        return facts + "\n\n" + positions + "\n\n" + states + "\n\n" + parts;
    }
}
