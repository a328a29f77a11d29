package dev.cairn.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.cairn.checkpoint.protocol.ClassifiedObject;
import dev.cairn.checkpoint.protocol.GroupView;
import dev.cairn.checkpoint.protocol.Inventory;
import dev.cairn.checkpoint.protocol.ObjectClass;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.GarbageCollector;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.job.Group;
import dev.cairn.job.Jobs;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.MemorySize;
import dev.cairn.storage.ObjectStore;

/** Every object of a job, whether it is needed and why; and the end of those that are not. */
@Command(
        name = "gc",
        description =
                "Delete the objects of a job that no checkpoint needs; --dry-run only names them. Asks the group which"
                        + " checkpoints it names where " + SettingNames.KAFKA_BOOTSTRAP_SERVERS + " is set.")
final class CheckpointsGcCommand extends OneJobCommand {

    /** For a job that runs: longer than a checkpoint and its transaction take, whatever they are set to here. */
    private static final Duration LEAST_AGE = Duration.ofMinutes(10);

    @Option(names = "--dry-run", description = "Delete nothing; show what would be deleted.")
    private boolean dryRun;

    @Option(
            names = "--older-than",
            paramLabel = "<duration>",
            defaultValue = "1d",
            converter = DurationConverter.class,
            description =
                    "Keep what is younger; default: 1d. It must exceed the time that the longest checkpoint takes,"
                            + " unless no worker of the job runs: then it may be 0s.")
    private Duration olderThan;

    /** What is shown of an object. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Row(
            int partition,
            String object,
            long bytes,
            long ageSeconds,
            @JsonProperty("class") ObjectClass kind,
            String checkpoint,
            String reason,
            boolean deleted) {

        static Row of(int partition, String location, ClassifiedObject object, boolean deleted) {
            return new Row(
                    partition,
                    location + "/" + object.path(),
                    object.size(),
                    object.age().toSeconds(),
                    object.kind(),
                    object.checkpoint().map(number -> "chk-" + number).orElse(null),
                    object.reason(),
                    deleted);
        }
    }

    /** What is shown. */
    private record Result(String job, boolean groupAsked, boolean dryRun, List<Row> objects, List<String> unreadable) {}

    @Override
    public Integer call() {
        String name = job();
        Result result;
        try (ObjectStore objects = directory().openToChange();
                Group group = group(name)) {
            result = collect(objects, name, group);
        }
        return print(
                result,
                text(result),
                result.unreadable().stream()
                        .map(cause -> cause + ". Its partition is left untouched. " + Jobs.WAY_OUT)
                        .toList());
    }

    private Result collect(ObjectStore objects, String name, Group group) {
        List<Row> rows = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (int partition : Jobs.partitions(objects, name)) {
            CheckpointStore store = new CheckpointStore(objects, name, partition);
            GarbageCollector collector =
                    new GarbageCollector(store, partition, oldEnough(name, group.source()), olderThan);
            Inventory inventory = collector.look();
            Set<String> deleted = dryRun
                    ? Set.of()
                    : collector.deleteOrphans(inventory).stream()
                            .map(ClassifiedObject::path)
                            .collect(Collectors.toSet());
            inventory
                    .objects()
                    .forEach(object ->
                            rows.add(Row.of(partition, store.location(), object, deleted.contains(object.path()))));
            inventory.unreadable().forEach(cause -> unreadable.add("partition " + partition + ": " + cause));
        }
        return new Result(name, group.isAsked(), dryRun, rows, unreadable);
    }

    private GroupSource oldEnough(String name, GroupSource source) {
        return (partition, topics) -> {
            GroupView view = source.look(partition, topics);
            Duration least = leastAge();
            if (view.members() == GroupView.Members.SOME && olderThan.compareTo(least) < 0) {
                throw new CommandException("group " + name + " has members, which may be writing what is younger than"
                        + " --older-than. Give at least " + least.toMinutes()
                        + "min, or stop the job and wait until the"
                        + " group has forgotten its members (kafka.session.timeout.ms)");
            }
            return view;
        };
    }

    private static Duration leastAge() {
        Duration twice = CommandConfig.read(
                        config -> CheckpointSettings.of(config).timeout())
                .multipliedBy(2);
        return twice.compareTo(LEAST_AGE) > 0 ? twice.plusMinutes(1) : LEAST_AGE;
    }

    private static String text(Result result) {
        List<Integer> partitions =
                result.objects().stream().map(Row::partition).distinct().toList();
        Table table = new Table("PARTITION", "CLASS", "OBJECTS", "BYTES");
        for (int partition : partitions) {
            for (ObjectClass kind : ObjectClass.values()) {
                List<Row> rows = result.objects().stream()
                        .filter(row -> row.partition() == partition && row.kind() == kind)
                        .toList();
                table.row(partition, name(kind), rows.size(), MemorySize.approximately(bytes(rows)));
            }
        }
        List<String> parts = new ArrayList<>(List.of(table.toString()));
        List<Row> orphans = result.objects().stream()
                .filter(row -> row.kind() == ObjectClass.ORPHAN)
                .toList();
        if (!orphans.isEmpty()) {
            parts.add(orphans.stream()
                    .map(row -> fate(result, row) + " " + row.object() + ": " + row.reason())
                    .collect(Collectors.joining("\n")));
        }
        storeAlone(result).ifPresent(parts::add);
        return String.join("\n\n", parts);
    }

    private static String fate(Result result, Row row) {
        if (row.deleted()) {
            return "deleted";
        }
        return result.dryRun() ? "would be deleted" : "left untouched, it has changed meanwhile";
    }

    private static Optional<String> storeAlone(Result result) {
        return result.groupAsked()
                ? Optional.empty()
                : Optional.of(SettingNames.KAFKA_BOOTSTRAP_SERVERS
                        + " is not set: what the group names is not known, so that every"
                        + " checkpoint stays that it may name");
    }

    private static long bytes(List<Row> rows) {
        return rows.stream().mapToLong(Row::bytes).sum();
    }

    private static String name(ObjectClass kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
