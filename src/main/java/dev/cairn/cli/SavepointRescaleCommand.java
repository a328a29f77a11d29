package dev.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.common.utils.Utils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.checkpoint.savepoint.SavepointRescaler;
import dev.cairn.checkpoint.savepoint.SavepointStore;
import dev.cairn.checkpoint.savepoint.SnapshotSources;
import dev.cairn.job.CreatedSavepoint;
import dev.cairn.job.SavepointTarget;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.Version;
import dev.cairn.storage.ObjectStore;

/** A savepoint for topics with another number of partitions. */
@Command(
        name = "rescale",
        description =
                "Make a savepoint for topics with another number of partitions: every key's state goes where Kafka's"
                        + " default partitioner sends its records. The job that starts from it reads its topics from their"
                        + " beginning, or from --positions.")
final class SavepointRescaleCommand extends ResultCommand {

    private static final Pattern POSITION = Pattern.compile("([A-Za-z0-9._-]+):([0-9]{1,9})=([0-9]{1,18})");
    private static final int MOST_PARTITIONS = 100_000;

    @Parameters(paramLabel = "<path>", description = "The savepoint, which stays as it is.")
    private String path;

    @Option(names = "--partitions", required = true, paramLabel = "<n>", description = "Of the new topics.")
    private int partitions;

    @Option(
            names = "--to",
            paramLabel = "<directory>",
            description = "Directory to make the savepoint in; default: where the old one is.")
    private String target;

    @Option(
            names = "--positions",
            split = ",",
            paramLabel = "<topic>:<partition>=<offset>",
            description = "Where the new topics are read from, one for each partition; default: their beginning.")
    private List<String> positions = List.of();

    @Option(
            names = "--allow-undrained",
            description =
                    "Rescale although the old topics held records that the savepoint has not seen. They are lost to the"
                            + " state, unless they are in the new topics as well.")
    private boolean allowUndrained;

    @Override
    public Integer call() {
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new CommandException(
                    "--partitions " + partitions + " is not between 1 and " + MOST_PARTITIONS + ". Correct it");
        }
        Map<Integer, List<InputPosition>> parsed = parsePositions();
        SavepointPath from = SavepointPath.of(path);
        CheckpointsDirectory to = SavepointDirectory.ofRescaled(target, from.directory());
        SavepointShown shown;
        try (ObjectStore objects = from.directory().open();
                ObjectStore savepoints = to.openToWrite();
                Scratch scratch = Scratch.create();
                ProgressBars progress = progress()) {
            Savepoint savepoint = from.read(objects);
            requireDrained(savepoint);
            SavepointStore store = new SavepointStore(savepoints);
            String name = SavepointTarget.name(savepoint.job());
            Savepoint rescaled = new SavepointRescaler(store, scratch, Version.VERSION, progress)
                    .rescale(
                            name,
                            SnapshotSources.open(SnapshotPath.of(path), objects),
                            partitions,
                            key -> Utils.toPositive(Utils.murmur2(key)) % partitions,
                            parsed);
            shown = SavepointShown.of(new CreatedSavepoint(store.location(name), rescaled));
        }
        return print(shown, shown.text());
    }

    private void requireDrained(Savepoint savepoint) {
        if (allowUndrained) {
            return;
        }
        for (Savepoint.Partition partition : savepoint.partitions()) {
            int number = partition.checkpoint().partition();
            if (partition.drained().isEmpty()) {
                throw new CommandException("whether partition " + number + " of " + path + " had processed all of its"
                        + " input is not known: Kafka was not asked when it was made. Make it with"
                        + " " + SettingNames.KAFKA_BOOTSTRAP_SERVERS + " set, or give --allow-undrained");
            }
            if (!partition.drained().get()) {
                throw new CommandException(
                        "partition " + number + " of " + path + " had not processed all of its input: "
                                + left(partition) + ". Make it by stop --savepoint --drain, or give --allow-undrained");
            }
        }
    }

    private static String left(Savepoint.Partition partition) {
        List<String> left = new ArrayList<>();
        for (InputPosition position : partition.checkpoint().positions()) {
            long end = partition.logEnds().getOrDefault(position.topic(), Long.MAX_VALUE);
            if (position.offset() < end) {
                left.add(position.topic() + " was read to " + position.offset() + ", and continued"
                        + (end == Long.MAX_VALUE ? "" : " to " + end));
            }
        }
        return String.join(", ", left);
    }

    private Map<Integer, List<InputPosition>> parsePositions() {
        Map<Integer, List<InputPosition>> parsed = new HashMap<>();
        Map<String, Integer> given = new HashMap<>();
        for (String each : positions) {
            Matcher matcher = POSITION.matcher(each.strip());
            if (!matcher.matches() || Integer.parseInt(matcher.group(2)) >= partitions) {
                throw new CommandException(
                        "--positions: '" + each + "' is not <topic>:<partition>=<offset>, with a partition below "
                                + partitions + ". Correct it");
            }
            List<InputPosition> ofPartition =
                    parsed.computeIfAbsent(Integer.parseInt(matcher.group(2)), any -> new ArrayList<>());
            String topic = matcher.group(1);
            if (ofPartition.stream().anyMatch(position -> position.topic().equals(topic))) {
                throw new CommandException(
                        "--positions names " + topic + ":" + matcher.group(2) + " twice. Correct it");
            }
            ofPartition.add(InputPosition.withoutId(topic, Long.parseLong(matcher.group(3)), partitions));
            given.merge(topic, 1, Integer::sum);
        }
        given.forEach((topic, count) -> {
            if (count != partitions) {
                throw new CommandException("--positions has " + count + " of the " + partitions + " partitions of "
                        + topic + ". Give all of them, or none to read it from its beginning");
            }
        });
        return parsed;
    }
}
