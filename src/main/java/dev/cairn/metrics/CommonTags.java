package dev.cairn.metrics;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import org.eclipse.microprofile.config.Config;

import dev.cairn.settings.SettingsException;
import dev.cairn.settings.SettingsReader;

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
                    "cairn_job", SettingsReader.job(config), "cairn_instance", SettingsReader.instance(config)));
        } catch (SettingsException e) {
            // The worker's start says all that is wrong.
            return MeterFilter.commonTags(Tags.empty());
        }
    }
}
