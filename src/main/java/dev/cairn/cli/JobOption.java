package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;
import picocli.CommandLine.Option;

import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/** Which job: that of the worker's settings, if nobody says otherwise. */
final class JobOption {

    @Option(names = "--job", paramLabel = "<job>", description = "Name of the job; default: the setting cairn.job.")
    private String job;

    String name() {
        try {
            if (job != null) {
                return SettingsReader.checkedJob(job);
            }
        } catch (SettingsException e) {
            throw new CommandException("--job: " + String.join(" ", e.problems()), e);
        }
        try {
            return SettingsReader.job(ConfigProvider.getConfig());
        } catch (SettingsException e) {
            throw DirectoryOption.missing("--job", e);
        }
    }
}
