package dev.cairn.settings;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.Config;

/** What depends on where the worker runs: addresses, and some defaults. */
public final class Machine {

    static final String DEVELOPMENT_CHECKPOINTS = "file:./data/checkpoints";

    private static final String DEVELOPMENT_PROFILE = "dev";
    private static final Set<String> WITHOUT_PLAIN_HTTP = Set.of("disabled", "redirect");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0");

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

    /** Host and port of Kubernetes' API, as each of its pods is told; empty elsewhere. */
    static Optional<String> kubernetesApi(Config config) {
        return config.getOptionalValue("KUBERNETES_SERVICE_HOST", String.class)
                .map(host -> host.contains(":") ? "[" + host + "]" : host)
                .map(host -> host + ":"
                        + config.getOptionalValue("KUBERNETES_SERVICE_PORT", String.class)
                                .orElse("443"));
    }

    /** Where Quarkus serves HTTP, as others than this machine may call it. */
    static Optional<String> httpAddress(Config config) {
        String host = config.getOptionalValue("quarkus.http.host", String.class)
                .filter(name -> !WILDCARDS.contains(name))
                .or(Machine::ipAddress)
                .orElse("localhost");
        boolean isIpv6 = host.contains(":") && !host.startsWith("[");
        return Optional.of(addressOf(config, isIpv6 ? "[" + host + "]" : host));
    }

    /** Where a worker with these settings answers on this machine, as {@code http://localhost:8080}. */
    public static String localAddress(Config config) {
        return addressOf(config, "localhost");
    }

    private static String addressOf(Config config, String host) {
        boolean tlsAlone = config.getOptionalValue("quarkus.http.insecure-requests", String.class)
                .filter(requests -> WITHOUT_PLAIN_HTTP.contains(requests.toLowerCase(Locale.ROOT)))
                .isPresent();
        String port = tlsAlone
                ? config.getOptionalValue("quarkus.http.ssl-port", String.class).orElse("8443")
                : config.getOptionalValue("quarkus.http.port", String.class).orElse("8080");
        return (tlsAlone ? "https://" : "http://") + host + ":" + port;
    }

    /** What the paths of a worker's HTTP begin with: empty, or a slash and more. The same for all workers of a job. */
    public static String rootPath(Config config) {
        return config.getOptionalValue("quarkus.http.root-path", String.class)
                .map(root -> root.replaceAll("/+$", ""))
                .filter(root -> !root.isEmpty())
                .map(root -> root.startsWith("/") ? root : "/" + root)
                .orElse("");
    }

    /** The one that the machine's name stands for, or else the first one that others may reach. */
    private static Optional<String> ipAddress() {
        try {
            InetAddress named = InetAddress.getLocalHost();
            if (isReachable(named)) {
                return Optional.of(named.getHostAddress());
            }
        } catch (UnknownHostException e) {
            // Machines may have addresses without having a name.
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Machine::isReachable)
                    .min(Comparator.comparing(address -> address instanceof Inet4Address ? 0 : 1))
                    .map(InetAddress::getHostAddress);
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    private static boolean isReachable(InetAddress address) {
        return !address.isLoopbackAddress() && !address.isLinkLocalAddress() && !address.isAnyLocalAddress();
    }

    /** Where checkpoints go in development; empty elsewhere, where they must not end on a disk that no one chose. */
    static Optional<String> checkpoints(Config config) {
        return config instanceof SmallRyeConfig smallRye
                        && smallRye.getProfiles().contains(DEVELOPMENT_PROFILE)
                ? Optional.of(DEVELOPMENT_CHECKPOINTS)
                : Optional.empty();
    }
}
