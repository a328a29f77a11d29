package dev.cairn.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;

import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.job.Group;
import dev.cairn.job.GroupPointers;
import dev.cairn.job.Jobs;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.MemorySize;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.status.GroupFacts;
import dev.cairn.worker.status.GroupJudge;
import dev.cairn.worker.status.JobState;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.Reason;

/** How far a job has come, partition by partition. */
@Command(
        name = "status",
        description =
                "Show how a job is doing, what each partition of it continues from, and how far that is behind its input."
                        + " The state, the lag, and what the group says, are known where "
                        + SettingNames.KAFKA_BOOTSTRAP_SERVERS + " is set. Exit"
                        + " code 1 when a partition cannot continue.")
final class JobStatusCommand extends OneJobCommand {

    private static final String UNKNOWN = "unknown";

    /** What is shown. Members are known where Kafka was asked. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Status(
            String job,
            JobState state,
            List<Reason> reasons,
            List<String> unknown,
            JobEnd ended,
            boolean groupAsked,
            Integer members,
            List<PartitionStatus> partitions) {

        /** Without Kafka the command cannot tell whether a worker runs the job, so there is no state but a bad one. */
        static Status of(
                String job,
                JobEnd ended,
                Optional<Integer> members,
                Optional<SortedSet<String>> uncovered,
                List<PartitionStatus> partitions) {
            SortedMap<Integer, String> stuck = new TreeMap<>();
            partitions.stream()
                    .filter(partition -> partition.problem() != null)
                    .forEach(partition -> stuck.put(partition.partition(), partition.problem()));
            Judgement judgement = GroupJudge.judge(new GroupFacts(
                    members,
                    uncovered,
                    partitions.size(),
                    stuck,
                    partitions.stream().allMatch(PartitionStatus::knowsLag)));
            return new Status(
                    job,
                    members.isPresent() || judgement.state().isBad() ? judgement.state() : null,
                    judgement.reasons(),
                    judgement.unknown(),
                    ended,
                    members.isPresent(),
                    members.orElse(null),
                    partitions);
        }
    }

    @Override
    public Integer call() {
        String name = job();
        Status status;
        try (ObjectStore objects = directory().open();
                Group group = group(name)) {
            status = look(objects, name, group);
        }
        return print(
                status,
                text(status),
                status.partitions().stream()
                        .filter(partition -> partition.problem() != null)
                        .map(partition ->
                                "partition " + partition.partition() + ": " + partition.problem() + ". " + Jobs.WAY_OUT)
                        .toList());
    }

    private static Status look(ObjectStore objects, String name, Group group) {
        JobEnd ended = Jobs.end(objects, name).orElse(null);
        // One that was cancelled may have no checkpoints any more.
        List<Integer> numbers =
                ended == null ? Jobs.partitions(objects, name) : CheckpointStore.partitions(objects, name);
        GroupSource source = group.source(numbers);
        Instant now = Instant.now();
        List<PartitionStatus> partitions = numbers.stream()
                .map(partition ->
                        PartitionStatus.of(new CheckpointStore(objects, name, partition), partition, source, now))
                .toList();
        if (group.pointers().isEmpty()) {
            return Status.of(name, ended, Optional.empty(), Optional.empty(), partitions);
        }
        GroupPointers kafka = group.pointers().get();
        Set<TopicPartition> inputs = partitions.stream()
                .flatMap(partition -> partition.topicPartitions().stream())
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> ends = kafka.logEnds(inputs);
        return Status.of(
                name,
                ended,
                Optional.of(kafka.memberCount()),
                kafka.assigned().map(assigned -> inputs.stream()
                        .filter(input -> !assigned.contains(input))
                        .map(TopicPartition::toString)
                        .collect(Collectors.toCollection(TreeSet::new))),
                partitions.stream()
                        .map(partition -> partition.withLogEnds(ends))
                        .toList());
    }

    private static String text(Status status) {
        Table facts = new Table("job", status.job());
        facts.row(
                "state",
                status.state() == null ? UNKNOWN : status.state().name().toLowerCase(Locale.ROOT));
        Judgement.briefly(status.reasons()).forEach(reason -> facts.row("because", reason.text()));
        if (status.ended() != null) {
            facts.row("ended", Texts.end(status.ended()));
        }
        if (status.groupAsked()) {
            facts.row("members", status.members());
        }
        List<String> parts = new ArrayList<>(List.of(facts.toString()));
        if (!status.partitions().isEmpty()) {
            parts.add(table(status.partitions()).toString());
        }
        if (!status.groupAsked()) {
            parts.add(SettingNames.KAFKA_BOOTSTRAP_SERVERS
                    + " is not set: lag, members and what the group names are not known");
        }
        return String.join("\n\n", parts);
    }

    private static Table table(List<PartitionStatus> partitions) {
        Table table = new Table(
                "PARTITION",
                "CHECKPOINT",
                "AGE",
                "COMMITTED",
                "CHECKPOINTS",
                "BYTES",
                "TOPIC",
                "POSITION",
                "LOG END",
                "LAG");
        for (PartitionStatus partition : partitions) {
            Object[] own = own(partition);
            if (partition.inputs().isEmpty()) {
                table.row(joined(own, "-", "-", "-", "-"));
            }
            for (PartitionStatus.Input input : partition.inputs()) {
                table.row(joined(own, input.topic(), input.position(), known(input.logEnd()), known(input.lag())));
                Arrays.fill(own, "");
            }
        }
        return table;
    }

    /** What is said once for all topics. */
    private static Object[] own(PartitionStatus partition) {
        Optional<PartitionStatus.Current> checkpoint = Optional.ofNullable(partition.checkpoint());
        return new Object[] {
            partition.partition(),
            checkpoint.map(current -> "chk-" + current.number()).orElse("-"),
            checkpoint
                    .map(current -> Texts.age(Duration.ofSeconds(current.ageSeconds())))
                    .orElse("-"),
            checkpoint.map(current -> current.committed().text()).orElse("-"),
            partition.checkpoints(),
            MemorySize.approximately(partition.bytes())
        };
    }

    private static Object[] joined(Object[] own, Object... more) {
        return Stream.concat(Arrays.stream(own), Arrays.stream(more)).toArray();
    }

    private static Object known(Long number) {
        return number == null ? UNKNOWN : number;
    }
}
