package dev.cairn.metrics;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import org.eclipse.microprofile.config.Config;

import dev.cairn.settings.JobSettings;
import dev.cairn.settings.SettingsException;

/**
 * What every meter says: which job and which worker it is of. Not {@code job} and {@code instance}, which are names that
 * Prometheus gives to what it scrapes.
 */
final class CommonTags {

    private CommonTags() {}

    @Produces
    @Singleton
    static MeterFilter ofWorker(Config config) {
        try {
            return MeterFilter.commonTags(Tags.of(
                    "cairn_job",
                    JobSettings.of(config).name(),
                    "cairn_instance",
                    JobSettings.of(config).instance()));
        } catch (SettingsException e) {
            // The worker's start says all that is wrong.
            return MeterFilter.commonTags(Tags.empty());
        }
    }
}
