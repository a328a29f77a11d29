package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.nativeimage.Decisions.Decision;
import dev.cairn.nativeimage.Decisions.Time;
import dev.cairn.testkit.worker.NativeSources;
import dev.cairn.testkit.worker.NativeSourcesBuild;

/**
 * The classes of the packaged application that ask something of the machine when they are initialized, against what was
 * decided for each. Quarkus has every class initialized while it builds an executable: a library would be loaded into the
 * builder, and a seed drawn there would be the same in every process.
 */
class InitializersIT {

    private static final Path OWN_CLASSES = Path.of("target", "classes");

    private static StaticInitializers initializers;
    private static SortedMap<String, Map<MachineAccess, String>> asking;
    private static Map<String, Decision> decisions;
    private static RunTimeInitialized cairns;
    private static RunTimeInitialized all;

    @BeforeAll
    static void readPackage() throws IOException {
        NativeSources sources = NativeSourcesBuild.ofWorker();
        List<Path> classPath = new ArrayList<>(sources.libraries());
        classPath.add(OWN_CLASSES);
        initializers = StaticInitializers.in(classPath);
        asking = initializers.asking();
        decisions = Decisions.read();
        cairns = RunTimeInitialized.byCairn();
        try (Bytecode built = Bytecode.of(sources.jars())) {
            all = RunTimeInitialized.by(ExecutableMetadata.of(sources), built);
        }
    }

    @Test
    void shouldHaveADecisionForEveryClassThatAsksTheMachine() {
        List<String> undecided = new ArrayList<>();
        asking.forEach((name, asks) -> {
            Decision decision = decisions.get(name);
            if (decision == null || !decision.asks().equals(asks.keySet())) {
                undecided.add(describe(name, asks, decision));
            }
        });
        assertThat(undecided)
                .as("initializers that ask the machine, and no line of %s says when they may run", Decisions.FILE)
                .isEmpty();
    }

    private static String describe(String name, Map<MachineAccess, String> asks, Decision decision) {
        StringBuilder text = new StringBuilder(name + " in " + initializers.jarOf(name));
        asks.forEach((access, way) ->
                text.append("\n    ").append(access).append(": ").append(way));
        return text + "\n    decide, and " + (decision == null ? "add this line: " : "make its line this one: ")
                + Decisions.line(name, asks.keySet());
    }

    @Test
    void shouldHaveNoDecisionForWhatAsksNothing() {
        assertThat(decisions.keySet().stream().filter(name -> !asking.containsKey(name)))
                .as("lines of %s for classes that are gone, or ask nothing any more: remove them", Decisions.FILE)
                .isEmpty();
    }

    @Test
    void shouldConfigureWhatWasDecided() {
        decisions.forEach((name, decision) -> {
            boolean byCairn = cairns.contains(name);
            assertThat(byCairn)
                    .as(
                            "%s must be initialized at %s, but native-image.properties says otherwise",
                            name, decision.time())
                    .isEqualTo(decision.time() == Time.RUN_BY_CAIRN);
            assertThat(all.contains(name))
                    .as(
                            "%s must be initialized at %s, but what the builder is told says otherwise",
                            name, decision.time())
                    .isEqualTo(decision.time() != Time.BUILD);
        });
    }

    /** Otherwise it runs in the builder after all, and a library is loaded there. */
    @Test
    void shouldNotStartAtBuildTimeWhatBelongsToRunTime() {
        List<String> early = new ArrayList<>();
        for (String name : initializers.names()) {
            if (!all.contains(name)) {
                initializers.startedBy(name).stream()
                        .filter(cairns::contains)
                        .forEach(started -> early.add(name + " starts " + started));
            }
        }
        assertThat(early)
                .as("classes that the builder initializes, and with them others that it is told to leave for run time")
                .isEmpty();
    }

    @Test
    void shouldConfigureOnlyWhatIsThere() {
        assertThat(cairns.names()).isNotEmpty().allSatisfy(prefix -> assertThat(initializers.names())
                .as(prefix)
                .anyMatch(name -> name.equals(prefix) || name.startsWith(prefix + ".")));
    }
}
