package dev.cairn.settings;

import java.util.Map;

import org.eclipse.microprofile.config.Config;

/** Reads and validates all settings at once. */
public final class SettingsReader {

    private SettingsReader() {}

    /**
     * Reads all settings from the application's configuration: properties, and environment variables by MicroProfile's
     * rule ({@code STATE_CHECKPOINTS_DIR}). Only the host's name is looked up besides it.
     *
     * @throws SettingsException if any of them cannot be used; it lists all problems
     */
    public static Settings read(Config config) {
        var findings = new Findings();
        SettingValues values = new SettingValues(config, findings);
        SettingCatalog.all().forEach(values::find);
        var rules = new SettingRules(values, findings);
        SettingCatalog.GROUPS.forEach(group -> group.check(rules));
        Map<String, String> clientProperties = new KafkaSettingsReader(config, findings).read();
        new MistypedNames(SettingCatalog.spellings(), findings).check(config);
        findings.throwIfAnyProblem();
        return new Settings(
                KafkaSettings.of(values, clientProperties),
                new JobSettings(values),
                new CheckpointSettings(values),
                LocalSettings.of(values),
                new RecoverySettings(values),
                S3Settings.of(values),
                findings.warnings());
    }
}
