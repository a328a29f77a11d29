package dev.cairn.cli;

import java.nio.file.Files;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody points at: all checkpoints of a job, those of a partition, or one.
 *
 * @param directory of all checkpoints
 * @param job the job
 * @param partition the partition, if it is not the whole job
 * @param number the checkpoint, if it is not the whole partition
 */
record CheckpointPath(CheckpointsDirectory directory, String job, OptionalInt partition, OptionalLong number) {

    private static final Pattern IN_PARTITION =
            Pattern.compile("(.+)/([^/]+)/partition-([0-9]{1,9})(?:/chk-([0-9]{1,18})(?:/_metadata)?)?");
    private static final Pattern JOB = Pattern.compile("(.+)/([^/]+)");

    static CheckpointPath of(String text) {
        CheckpointsDirectory pointed = CheckpointsDirectory.of(text);
        if (pointed.local().isPresent() && !Files.exists(pointed.local().get())) {
            throw new CommandException("there is no " + pointed.location() + ". Correct the path");
        }
        String location = pointed.location().replace('\\', '/');
        Matcher partition = IN_PARTITION.matcher(location);
        if (partition.matches()) {
            String number = partition.group(4);
            return new CheckpointPath(
                    CheckpointsDirectory.of(partition.group(1)),
                    partition.group(2),
                    OptionalInt.of(Integer.parseInt(partition.group(3))),
                    number == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(number)));
        }
        Matcher job = JOB.matcher(location);
        if (!job.matches()) {
            throw new CommandException(pointed.location()
                    + " is no checkpoint's path. Give a chk-<n> directory, its _metadata, a partition-<p> directory, or the"
                    + " directory of a job, which holds these");
        }
        return new CheckpointPath(
                CheckpointsDirectory.of(job.group(1)), job.group(2), OptionalInt.empty(), OptionalLong.empty());
    }
}
