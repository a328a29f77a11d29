package dev.cairn.checkpoint.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

import dev.cairn.state.Change;
import dev.cairn.state.StateDescriptor;

/** Checkpoints as the tests of this package need them. */
public final class Checkpoints {

    private Checkpoints() {}

    public static CheckpointMetadata of(long number, Base base, List<Delta> deltas) {
        return of(number, number == 1 ? null : new CheckpointId(number - 1, "uid-" + (number - 1)), base, deltas);
    }

    /** With a delta of its own only. */
    public static CheckpointMetadata of(long number, CheckpointId parent) {
        return of(number, parent, null, List.of(inline("uid-" + number)));
    }

    private static CheckpointMetadata of(long number, CheckpointId parent, Base base, List<Delta> deltas) {
        return new CheckpointMetadata(
                CheckpointMetadata.FORMAT_VERSION,
                "orders",
                3,
                number,
                deltas.get(deltas.size() - 1).last(),
                parent,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                new CheckpointMetadata.Writer("worker-1", "0.1", List.of("cairn/orders/worker-1-0/a"), "cluster-1"),
                List.of(
                        new InputPosition("clicks", 1_234_567_890_123L, 8, "id-of-clicks"),
                        InputPosition.withoutId("views", 0, 8)),
                List.of(new StateDescriptor("total", "value", "json(x)", 1)),
                null,
                List.of(),
                base,
                deltas,
                new CheckpointMetadata.Durations(1, 22, 333));
    }

    /** The same, taken on another Kafka cluster; {@code null} for one that says nothing of its cluster and its topics. */
    public static CheckpointMetadata onCluster(String clusterId, CheckpointMetadata checkpoint) {
        CheckpointMetadata.Writer writer = checkpoint.writtenBy();
        return new CheckpointMetadata(
                checkpoint.formatVersion(),
                checkpoint.job(),
                checkpoint.partition(),
                checkpoint.number(),
                checkpoint.uid(),
                checkpoint.parent(),
                checkpoint.createdAt(),
                new CheckpointMetadata.Writer(
                        writer.instance(), writer.version(), writer.transactionalIds(), clusterId),
                clusterId == null
                        ? checkpoint.positions().stream()
                                .map(each ->
                                        InputPosition.withoutId(each.topic(), each.offset(), each.partitionCount()))
                                .toList()
                        : checkpoint.positions(),
                checkpoint.states(),
                checkpoint.eventTime(),
                checkpoint.origins(),
                checkpoint.base(),
                checkpoint.deltas(),
                checkpoint.durations());
    }

    public static Base base(String checkpoint) {
        return new Base(checkpoint, 4, new ObjectRef("shared/base-1.json", 100, "0a1b2c3d"), 5_000);
    }

    static Delta file(String... checkpoints) {
        return Delta.ofFile(
                List.of(checkpoints), new ObjectRef("shared/delta-" + checkpoints[0] + ".sst", 1_000, "12345678"));
    }

    public static Delta inline(String... checkpoints) {
        return Delta.ofInline(List.of(checkpoints), List.of(change("a", "1"), change("b", null)));
    }

    static Change change(String key, String value) {
        return new Change(bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
