package dev.cairn.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

import dev.cairn.settings.Machine;
import dev.cairn.storage.Clause;

/** Asks a running worker for its health, where there is neither a shell nor curl. */
@Command(
        name = "health",
        description =
                "Ask the worker on this machine for its health; for containers without a shell. Exits with 0 when it is"
                        + " up, and with 1 when it is down or does not answer.")
final class HealthCommand extends ResultCommand {

    private static final int UP = 200;
    private static final int DOWN = 503;

    @Option(
            names = "--probe",
            paramLabel = "ready|live|started",
            defaultValue = "ready",
            description = "What to ask for; default: ready.")
    private Probe probe;

    @Option(
            names = "--url",
            paramLabel = "<url>",
            description = "Address of the health checks; default: as the settings quarkus.http.* say, on localhost.")
    private URI url;

    @Option(
            names = "--timeout",
            paramLabel = "<duration>",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long to wait for the answer; default: 5s.")
    private Duration timeout;

    /** What can be asked for. */
    enum Probe {
        READY,
        LIVE,
        STARTED
    }

    @Override
    public Integer call() {
        URI address = address(ConfigProvider.getConfig());
        HttpResponse<String> answer = ask(address);
        if (answer.statusCode() != UP && answer.statusCode() != DOWN) {
            throw new CommandException(
                    address + " answered with status " + answer.statusCode()
                            + ", which is no answer of a health check. Give the address of the worker's health checks with --url");
        }
        JsonNode health = read(address, answer.body());
        print(health, text(health));
        return answer.statusCode() == UP ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private URI address(Config config) {
        String base = url == null ? local(config) : url.toString();
        return URI.create(base + (base.endsWith("/") ? "" : "/") + probe.name().toLowerCase(Locale.ROOT));
    }

    private static String local(Config config) {
        boolean management = config.getOptionalValue("quarkus.management.enabled", Boolean.class)
                .orElse(false);
        String worker = management
                ? "http://localhost:"
                        + config.getOptionalValue("quarkus.management.port", Integer.class)
                                .orElse(9000)
                : Machine.localAddress(config) + Machine.rootPath(config);
        return worker + "/q/health";
    }

    private HttpResponse<String> ask(URI address) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
        try {
            return client.send(
                    HttpRequest.newBuilder(address).timeout(timeout).build(),
                    BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (SSLException e) {
            throw new CommandException(
                    "no answer from " + address + ": " + Clause.of(e)
                            + ". Let the command trust the worker, and where it asks for one give it a certificate: the JVM's"
                            + " javax.net.ssl.trustStore and javax.net.ssl.keyStore",
                    e);
        } catch (IOException e) {
            String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new CommandException(
                    "no answer from " + address + ": " + cause
                            + ". Start the worker, or give the address of its health checks with --url",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting for " + address, e);
        }
    }

    private static JsonNode read(URI address, String body) {
        try {
            return JsonMapper.builder().build().readTree(body);
        } catch (JsonProcessingException e) {
            throw new CommandException(
                    address + " answered with something other than JSON. Give the address of the worker's health checks"
                            + " with --url",
                    e);
        }
    }

    /** A line for all of it, and one for each check that is down. */
    private String text(JsonNode health) {
        StringBuilder text = new StringBuilder(probe.name().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(health.path("status").asText("?"));
        for (JsonNode check : health.path("checks")) {
            if (!check.path("status").asText().equals("UP")) {
                text.append('\n')
                        .append(check.path("name").asText())
                        .append(": ")
                        .append(check.path("data"));
            }
        }
        return text.toString();
    }
}
