package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What docker/compose.yaml starts fits together: files, volumes, versions, and settings that a worker takes. */
class ComposeFileTest {

    private static final Path DOCKER = Path.of("docker");
    private static final Path COMPOSE = DOCKER.resolve("compose.yaml");
    private static final Pattern IMAGE_WITH_VERSION = Pattern.compile("docker\\.io/[a-z0-9/-]+:v?\\d+\\.\\d+\\.\\d+");

    @ParameterizedTest
    @ValueSource(strings = {"worker-1", "worker-2"})
    void shouldStartWorkersWithSettingsThatTheyTake(String name) throws IOException {
        // Given
        Map<String, String> environment = new HashMap<>();
        service(name).path("environment").properties().forEach(variable -> {
            assertThat(variable.getValue().isTextual())
                    .as("%s is text, and nothing that a parser makes of it", variable.getKey())
                    .isTrue();
            environment.put(variable.getKey(), variable.getValue().asText());
        });

        // When
        Settings settings = SettingsReader.read(Configurations.of(Map.of(), environment));

        // Then
        assertThat(settings.job().instance()).isEqualTo(name);
        assertThat(settings.warnings()).isEmpty();
        assertThat(service(name).path("read_only").asBoolean()).isTrue();
        assertThat(service(name).path("mem_limit").asText()).isEqualTo("640m");
    }

    @Test
    void shouldMountFilesAndVolumesThatThereAre() throws IOException {
        // Given
        JsonNode compose = read(COMPOSE);

        // Then
        List<String> sources = compose.path("services")
                .valueStream()
                .flatMap(service -> service.path("volumes").valueStream())
                .map(volume -> volume.asText().replaceFirst(":.*", ""))
                .toList();
        assertThat(sources).hasSizeGreaterThan(6).allSatisfy(source -> {
            if (source.startsWith(".")) {
                assertThat(DOCKER.resolve(source).normalize()).exists();
            } else {
                assertThat(compose.path("volumes").has(source)).as(source).isTrue();
            }
        });
    }

    /** Its token stands in a public file. */
    @Test
    void shouldListenOnThisMachineOnly() throws IOException {
        // Then
        assertThat(read(COMPOSE)
                        .path("services")
                        .valueStream()
                        .flatMap(service -> service.path("ports").valueStream())
                        .map(JsonNode::asText))
                .hasSizeGreaterThan(3)
                .allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void shouldBuildTheWorkerAndNameTheVersionOfEverythingElse() throws IOException {
        // Then
        assertThat(read(COMPOSE).path("services").valueStream())
                .hasSizeGreaterThan(6)
                .allSatisfy(service -> {
                    if (service.has("build")) {
                        Path context = DOCKER.resolve(
                                service.path("build").path("context").asText());
                        assertThat(context.resolve(
                                        service.path("build").path("dockerfile").asText()))
                                .exists();
                    } else {
                        assertThat(service.path("image").asText()).matches(IMAGE_WITH_VERSION);
                    }
                    assertThat(names(service.path("depends_on")))
                            .allSatisfy(name ->
                                    assertThat(service(name).isMissingNode()).isFalse());
                });
    }

    @Test
    void shouldStartEachOnceItsOthersAreHealthy() throws IOException {
        // Given
        JsonNode services = read(COMPOSE).path("services");

        // Then
        for (String checked : List.of("kafka", "s3", "worker-1", "worker-2")) {
            assertThat(service(checked).at("/healthcheck/test/0").asText())
                    .as(checked)
                    .isEqualTo("CMD");
        }
        services.propertyStream().forEach(service -> service.getValue()
                .path("depends_on")
                .propertyStream()
                .forEach(other -> assertThat(other.getValue().path("condition").asText())
                        .as("%s on %s", service.getKey(), other.getKey())
                        .isEqualTo(
                                service(other.getKey()).has("healthcheck")
                                        ? "service_healthy"
                                        : "service_completed_successfully")));
        assertThat(names(service("worker-1").path("depends_on"))).containsExactlyInAnyOrder("topics", "s3");
        assertThat(names(service("topics").path("depends_on"))).containsExactly("kafka");
    }

    /** The image has no shell: the command itself asks. */
    @Test
    void shouldAskWorkersForTheirHealthByTheCommandOfTheImage() throws IOException {
        // Given
        List<String> test = service("worker-1")
                .at("/healthcheck/test")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
        String dockerfile = Files.readString(DOCKER.resolve("Dockerfile.jvm"));

        // Then
        assertThat(test).startsWith("CMD", "java").endsWith("-jar", "/opt/cairn/quarkus-run.jar", "health");
        assertThat(dockerfile).contains("ENTRYPOINT [\"java\"", "\"-jar\", \"/opt/cairn/quarkus-run.jar\"]");
    }

    /** Requests to published ports do not come from loopback. */
    @Test
    void shouldSayTheTokenOfTheDashboard() throws IOException {
        // Given
        String token = service("worker-1")
                .at("/environment/CAIRN_SECURITY_OPERATOR_TOKEN")
                .asText();

        // Then
        assertThat(token)
                .isNotEmpty()
                .isEqualTo(service("worker-2")
                        .at("/environment/CAIRN_SECURITY_OPERATOR_TOKEN")
                        .asText());
        assertThat(Files.readString(COMPOSE).lines().takeWhile(line -> line.startsWith("#")))
                .anyMatch(line -> line.contains(token));
    }

    /** The broker that the client was built with, and the S3 server that the tests have tried out. */
    @Test
    void shouldHaveTheVersionsOfTheTests() throws IOException {
        // Then
        assertThat(service("kafka").path("image").asText()).endsWith(":" + versionInPom("kafka.version"));
        assertThat(service("s3").path("image").asText()).endsWith(":" + versionInPom("s3proxy.version"));
    }

    @Test
    void shouldScrapeTheWorkersAndShowThemInGrafana() throws IOException {
        // Given
        JsonNode scrape = read(DOCKER.resolve("prometheus.yaml")).at("/scrape_configs/0");
        JsonNode datasource = read(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"))
                .at("/datasources/0");
        JsonNode dashboards = read(DOCKER.resolve("grafana/provisioning/dashboards/cairn.yaml"))
                .at("/providers/0");

        // Then
        assertThat(scrape.path("metrics_path").asText()).isEqualTo("/q/metrics");
        assertThat(scrape.at("/static_configs/0/targets").valueStream().map(JsonNode::asText))
                .containsExactly("worker-1:8080", "worker-2:8080");
        assertThat(datasource.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(service("prometheus").isMissingNode()).isFalse();
        assertThat(service("grafana").path("volumes").valueStream().map(JsonNode::asText))
                .anyMatch(volume -> volume.endsWith("grafana-dashboard.json:"
                        + dashboards.at("/options/path").asText() + "/cairn.json:ro"));
    }

    private static Stream<String> names(JsonNode dependencies) {
        return dependencies.isArray()
                ? dependencies.valueStream().map(JsonNode::asText)
                : dependencies.propertyStream().map(Map.Entry::getKey);
    }

    private static JsonNode service(String name) {
        try {
            return read(COMPOSE).path("services").path(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String versionInPom(String property) throws IOException {
        Matcher version = Pattern.compile("<" + Pattern.quote(property) + ">(.*)</")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /** Strictly: no key twice. */
    private static JsonNode read(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file)) {
            Object content = new Yaml(new SafeConstructor(options)).load(reader);
            return new ObjectMapper().valueToTree(content);
        }
    }
}
