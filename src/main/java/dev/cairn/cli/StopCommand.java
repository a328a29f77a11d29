package dev.cairn.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.cairn.checkpoint.JobEnd;
import dev.cairn.settings.Retention;
import dev.cairn.storage.ObjectStore;

/** The end of a job, with its state put aside to be started from. */
@Command(
        name = "stop",
        description =
                "Stop a job with a savepoint: all workers take a last checkpoint and end, and none runs the job again"
                        + " until job start, or until it is started from a path. Needs kafka.bootstrap.servers.")
final class StopCommand implements Callable<Integer> {

    @Option(
            names = "--savepoint",
            arity = "0..1",
            fallbackValue = "",
            required = true,
            paramLabel = "<target>",
            description = "Directory to make the savepoint in; default: the setting state.savepoints.dir.")
    private String target;

    @Option(names = "--drain", description = "Before that, wait until all is processed that is in the input now.")
    private boolean drain;

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            defaultValue = "10min",
            converter = DurationConverter.class,
            description = "How long to wait for that, and for the workers' end; default: 10min.")
    private Duration timeout;

    @Mixin
    private DirectoryOption directory;

    @Mixin
    private JobOption job;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String name = job.name();
        CheckpointsDirectory from = directory.directory();
        CheckpointsDirectory to = SavepointTarget.directory(target.isEmpty() ? null : target);
        SavepointShown shown;
        try (Group group = Group.of(name);
                ObjectStore objects = from.openToChange()) {
            GroupPointers pointers = group.pointers()
                    .orElseThrow(() -> new CommandException("whether the workers of job " + name
                            + " have ended is asked of Kafka, but kafka.bootstrap.servers is not set. Set it; of a job"
                            + " without workers, savepoint create makes a savepoint"));
            if (drain) {
                awaitDrained(name, pointers);
            }
            JobEnder ender = new JobEnder(objects, name, group);
            ender.mark(JobEnd.Kind.STOPPED, to.location());
            ender.awaitNoWorkers(pointers, timeout);
            shown = SavepointCreateCommand.create(from, to, name, group, output);
            if (JobEnder.retention() == Retention.NO_EXTERNALIZED_CHECKPOINTS) {
                ender.deleteCheckpoints();
            }
        }
        output.print(spec.commandLine().getOut(), shown, shown.text());
        return ExitCode.OK;
    }

    private void awaitDrained(String name, GroupPointers pointers) {
        Map<Integer, Map<String, Long>> ends = pointers.logEnds();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isCommitted(ends, pointers.committed())) {
            if (System.nanoTime() - deadline > 0) {
                throw new CommandException("job " + name + " has not processed its input within " + timeout.toSeconds()
                        + " s, and goes on. Give more time by --timeout");
            }
            pointers.pause();
        }
    }

    private static boolean isCommitted(
            Map<Integer, Map<String, Long>> ends, Map<TopicPartition, OffsetAndMetadata> committed) {
        return ends.entrySet().stream()
                .allMatch(partition -> partition.getValue().entrySet().stream().allMatch(end -> {
                    OffsetAndMetadata offset = committed.get(new TopicPartition(end.getKey(), partition.getKey()));
                    return offset != null && offset.offset() >= end.getValue();
                }));
    }
}
