package dev.cairn.cli;

import picocli.CommandLine.Command;

import dev.cairn.job.Group;
import dev.cairn.storage.ObjectStore;

/** Takes back that a job was ended. */
@Command(name = "start", description = "Let workers run a job again that was cancelled, or stopped with a savepoint.")
final class JobStartCommand extends OneJobCommand {

    /** What is shown. */
    private record Result(String job, boolean ended) {}

    @Override
    public Integer call() {
        String name = job();
        boolean ended;
        try (ObjectStore objects = directory().openToChange()) {
            ended = operations(name, objects, Group.NOT_ASKED).start().isPresent();
        }
        return print(
                new Result(name, ended),
                ended
                        ? "job " + name + " may run again: start its workers"
                        : "job " + name + " was not ended, and may run");
    }
}
