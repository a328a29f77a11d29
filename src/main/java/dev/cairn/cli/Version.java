package dev.cairn.cli;

import org.eclipse.microprofile.config.ConfigProvider;

/** Which version of Cairn this is. */
final class Version {

    static final String VERSION = ConfigProvider.getConfig()
            .getOptionalValue("quarkus.application.version", String.class)
            .orElse("unknown");

    private Version() {}
}
