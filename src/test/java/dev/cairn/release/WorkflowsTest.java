package dev.cairn.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The workflows run elsewhere; what can be known of them here is. */
class WorkflowsTest {

    private static final Pattern PROFILE = Pattern.compile("(?<= )-P(\\S+)");
    private static final Pattern SWITCH = Pattern.compile("(?<= )-D(\\w+)(?= |$)", Pattern.MULTILINE);
    private static final Pattern FILE = Pattern.compile("(?<![\\w/.])((?:\\.ci|docker|k8s|src)/[\\w./-]+)");
    private static final Pattern VERSIONED = Pattern.compile("[\\w.-]+/[\\w.-]+@(v\\d+(\\.\\d+)*|[0-9a-f]{40})");
    /** Properties of Maven's own, which need no value. */
    private static final List<String> OF_MAVEN = List.of("skipTests", "forceStdout");

    static Stream<Workflow> workflows() {
        return Workflow.all().stream();
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void shouldSwitchOnProfilesThatExist(Workflow workflow) {
        Pom pom = Pom.read(Path.of("pom.xml"));
        assertThat(found(PROFILE, workflow.commands())).isSubsetOf(pom.profiles());
        assertThat(found(SWITCH, workflow.commands()))
                .filteredOn(name -> !OF_MAVEN.contains(name))
                .isSubsetOf(pom.switches());
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void shouldNameFilesThatExist(Workflow workflow) {
        assertThat(found(FILE, workflow.commands())).isNotEmpty().allSatisfy(file -> assertThat(Path.of(file))
                .exists());
        assertThat(found(FILE, workflow.commands()))
                .filteredOn(file -> file.startsWith(".ci/"))
                .allSatisfy(file ->
                        assertThat(Files.isExecutable(Path.of(file))).as(file).isTrue());
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void shouldUseActionsOfAKnownVersion(Workflow workflow) {
        assertThat(workflow.actions()).isNotEmpty().allSatisfy(action -> assertThat(action)
                .matches(VERSIONED));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void shouldBeBoundInWhatTheyMayAndHowLong(Workflow workflow) {
        assertThat(workflow.content().path("permissions")).hasToString("{\"contents\":\"read\"}");
        assertThat(workflow.content().path("concurrency").path("group").asText())
                .contains("github.ref");
        assertThat(workflow.jobs()).allSatisfy((name, job) -> {
            assertThat(job.path("timeout-minutes").asInt()).isBetween(1, 180);
            assertThat(workflow.jobs().keySet()).containsAll(texts(job.path("needs")));
        });
    }

    @Test
    void shouldLetNoJobWriteThatTestsAndBuilds() {
        assertThat(Workflow.named("ci").jobs())
                .allSatisfy((name, job) -> assertThat(job.has("permissions")).isFalse());
        assertThat(Workflow.named("release").jobs()).allSatisfy((name, job) -> assertThat(
                        job.path("permissions").toString().contains("write"))
                .isEqualTo(name.equals("publish") || name.equals("library")));
    }

    @Test
    void shouldTestOnEveryJavaThatIsSupported() {
        JsonNode jvm = Workflow.named("ci").jobs().get("jvm");

        assertThat(texts(jvm.path("strategy").path("matrix").path("java"))).containsExactly("17", "21", "25");
        assertThat(jvm.toString()).contains("./mvnw -B -ntp verify");
    }

    @Test
    void shouldTestEveryNightOnCephFromDebian() {
        Workflow nightly = Workflow.named("nightly");

        assertThat(nightly.jobs().get("ceph").path("container").asText()).startsWith("debian:");
        assertThat(nightly.commands())
                .anySatisfy(command -> assertThat(command).contains(".ci/install ceph"))
                .anySatisfy(command -> assertThat(command).contains("verify -Pceph"));
        assertThat(nightly.content()
                        .path("on")
                        .path("schedule")
                        .path(0)
                        .path("cron")
                        .asText())
                .matches("\\d+ \\d+ \\* \\* \\*");
    }

    private static List<String> found(Pattern pattern, List<String> commands) {
        return commands.stream()
                .flatMap(command -> pattern.matcher(command).results())
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();
    }

    /** The texts of a list, or only one. */
    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(one -> texts.add(one.asText()));
        } else if (node.isTextual()) {
            texts.add(node.asText());
        }
        return texts;
    }
}
