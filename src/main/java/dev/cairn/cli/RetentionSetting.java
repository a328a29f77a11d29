package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;

import dev.cairn.settings.Retention;
import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

/** What stays of a job that ends on purpose. */
final class RetentionSetting {

    private RetentionSetting() {}

    /** By the settings that this command reads. @throws CommandException when it cannot be used */
    static Retention get() {
        try {
            return SettingsReader.retention(ConfigProvider.getConfig());
        } catch (SettingsException e) {
            throw new CommandException(String.join(" ", e.problems()), e);
        }
    }
}
