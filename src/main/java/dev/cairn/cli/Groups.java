package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.job.Group;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/** Reaches the jobs' consumer groups by the worker's settings. */
final class Groups {

    private Groups() {}

    /** Not asked where no brokers are set. @throws CommandException when the settings cannot be used */
    static Group of(String job) {
        try {
            return Group.of(job, SettingsReader.kafka(ConfigProvider.getConfig()));
        } catch (SettingsException e) {
            throw new CommandException(String.join(" ", e.problems()), e);
        }
    }
}
