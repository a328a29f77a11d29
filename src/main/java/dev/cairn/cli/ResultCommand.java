package dev.cairn.cli;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.cairn.job.Group;
import dev.cairn.settings.KafkaSettings;
import dev.cairn.storage.Printable;

/** A command that prints one result, as text or as JSON. */
abstract class ResultCommand implements Callable<Integer> {

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    /** Prints the result: the value as JSON, or the text. @return the exit code */
    final int print(Object value, String text) {
        output.print(spec.commandLine().getOut(), value, text);
        return ExitCode.OK;
    }

    /** The same, and then says what is wrong with it, each in one line. @return the exit code */
    final int print(Object value, String text, List<String> errors) {
        print(value, text);
        errors.forEach(error -> CommandLines.say(spec.commandLine(), error));
        return errors.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Says something besides the result, in one line. */
    final void remark(String line) {
        spec.commandLine().getErr().println(Printable.line(line));
        spec.commandLine().getErr().flush();
    }

    final ProgressBars progress() {
        return ProgressBars.of(output);
    }

    /** The consumer group of a job, which is not asked where no brokers are set. */
    static Group group(String job) {
        return Group.of(job, CommandConfig.read(KafkaSettings::of));
    }
}
