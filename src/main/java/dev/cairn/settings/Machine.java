package dev.cairn.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.Config;

/** Defaults that depend on where the worker runs. */
final class Machine {

    static final String DEVELOPMENT_CHECKPOINTS = "file:./data/checkpoints";

    private static final String DEVELOPMENT_PROFILE = "dev";

    private Machine() {}

    /** The pod's or the machine's name; empty if it has none. */
    static Optional<String> hostName(Config config) {
        Optional<String> variable =
                config.getOptionalValue("HOSTNAME", String.class).filter(name -> !name.isBlank());
        if (variable.isPresent()) {
            return variable;
        }
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Where checkpoints go in development; empty elsewhere, where they must not end on a disk that nobody chose. */
    static Optional<String> checkpoints(Config config) {
        return config instanceof SmallRyeConfig smallRye
                        && smallRye.getProfiles().contains(DEVELOPMENT_PROFILE)
                ? Optional.of(DEVELOPMENT_CHECKPOINTS)
                : Optional.empty();
    }
}
