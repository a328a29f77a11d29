package dev.cairn.cli;

import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.cairn.checkpoint.Savepoint;
import dev.cairn.checkpoint.SavepointStore;
import dev.cairn.checkpoint.SavepointWriter;
import dev.cairn.checkpoint.Scratch;
import dev.cairn.storage.ObjectStore;

/** A savepoint of a job as it stands, whether it runs or not. */
@Command(
        name = "create",
        description =
                "Copy the last committed checkpoints of a job, which may run or not, into a savepoint: a directory that"
                        + " needs nothing else. Asks the group which they are where kafka.bootstrap.servers is set.")
final class SavepointCreateCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "[<target>]",
            description = "Directory to make the savepoint in; default: the setting state.savepoints.dir.")
    private String target;

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
        SavepointShown shown;
        try (Group group = Group.of(name)) {
            shown = create(directory.directory(), SavepointTarget.directory(target), name, group, output);
        }
        output.print(spec.commandLine().getOut(), shown, shown.text());
        return ExitCode.OK;
    }

    static SavepointShown create(
            CheckpointsDirectory from, CheckpointsDirectory to, String job, Group group, OutputOption output) {
        try (ObjectStore objects = from.open();
                ObjectStore savepoints = to.openToWrite();
                Scratch scratch = Scratch.create();
                ProgressBars progress = ProgressBars.of(output)) {
            SavepointStore store = new SavepointStore(savepoints);
            String name = SavepointTarget.name(job);
            Savepoint savepoint = new SavepointWriter(store, scratch, Version.VERSION, progress)
                    .write(
                            name,
                            JobSnapshots.of(from, objects, job, group),
                            group.pointers().map(GroupPointers::logEnds).orElse(Map.of()));
            return SavepointShown.of(store.location(name), savepoint);
        }
    }
}
