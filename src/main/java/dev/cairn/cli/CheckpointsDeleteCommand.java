package dev.cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.cairn.checkpoint.store.CheckpointDeletion;
import dev.cairn.checkpoint.store.CheckpointDeletion.Insistence;
import dev.cairn.checkpoint.store.CheckpointDeletion.Plan;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.job.Group;
import dev.cairn.job.Jobs;
import dev.cairn.storage.ObjectStore;

/** The end of a checkpoint, or of all of a partition or a job. */
@Command(
        name = "delete",
        description =
                "Delete a checkpoint and what only it needs. Refuses one that the job continues from, and whole partitions"
                        + " and jobs, unless --force is given.")
final class CheckpointsDeleteCommand extends ResultCommand {

    @Parameters(
            paramLabel = "<path>",
            description = "A chk-<n> directory, its _metadata, a partition's directory, or a job's.")
    private String path;

    @Option(
            names = "--force",
            description =
                    "Delete also what the job continues from, or may continue from. It is lost then, and nothing asks again.")
    private boolean force;

    /** What is shown. */
    private record Result(List<String> deleted) {}

    @Override
    public Integer call() {
        CheckpointPath pointed = CheckpointPath.of(path);
        Result result;
        try (ObjectStore objects = pointed.directory().openToChange()) {
            result = new Result(
                    pointed.number().isPresent() ? deleteOne(objects, pointed) : deleteAll(objects, pointed));
        }
        String text =
                result.deleted().stream().map(object -> "deleted " + object).collect(Collectors.joining("\n"));
        return print(result, text);
    }

    private List<String> deleteOne(ObjectStore objects, CheckpointPath pointed) {
        int partition = pointed.partition().getAsInt();
        long number = pointed.number().getAsLong();
        CheckpointStore store = new CheckpointStore(objects, pointed.job(), partition);
        try (Group group = group(pointed.job())) {
            CheckpointDeletion deletion = new CheckpointDeletion(store, partition, group.source());
            Plan plan = deletion.plan(number, force ? Insistence.FORCED : Insistence.CAREFUL);
            String checkpoint = store.location() + "/chk-" + number;
            if (plan instanceof Plan.Needed needed) {
                throw new CommandException(
                        checkpoint + " is not deleted: " + needed.why() + ". Give --force to delete it all the same");
            }
            if (plan instanceof Plan.Unclear unclear) {
                throw new CommandException(checkpoint + " is not deleted: " + unclear.why()
                        + ", so that it is not known which objects are still needed. " + Jobs.WAY_OUT
                        + ", or delete that checkpoint first");
            }
            if (plan instanceof Plan.Delete delete) {
                return delete(store, deletion, delete);
            }
            throw Jobs.noCheckpoint(store, number);
        }
    }

    private List<String> deleteAll(ObjectStore objects, CheckpointPath pointed) {
        List<Integer> partitions = pointed.partition().isPresent()
                ? List.of(pointed.partition().getAsInt())
                : Jobs.partitions(objects, pointed.job());
        if (!force) {
            throw new CommandException(path + " is not deleted: it holds all checkpoints of "
                    + (pointed.partition().isPresent()
                            ? "partition " + pointed.partition().getAsInt() + " of job "
                            : "job ")
                    + pointed.job() + ". Give --force to delete them, once the job has stopped for good");
        }
        List<String> deleted = new ArrayList<>();
        for (int partition : partitions) {
            CheckpointStore store = new CheckpointStore(objects, pointed.job(), partition);
            CheckpointDeletion deletion = new CheckpointDeletion(store, partition, GroupSource.NOT_ASKED);
            deleted.addAll(delete(store, deletion, deletion.planAll()));
        }
        if (deleted.isEmpty()) {
            throw new CommandException(
                    "there is nothing in " + path + ". Correct the path; job list shows what is there");
        }
        return deleted;
    }

    private static List<String> delete(CheckpointStore store, CheckpointDeletion deletion, Plan.Delete plan) {
        deletion.delete(plan);
        return plan.paths().stream()
                .map(object -> store.location() + "/" + object)
                .toList();
    }
}
