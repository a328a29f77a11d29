package dev.cairn.nativeimage;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.SecuredBroker;
import dev.cairn.testkit.trace.Access;
import dev.cairn.testkit.trace.Traces;
import dev.cairn.testkit.trace.Tracing;
import dev.cairn.testkit.worker.NativeSources;
import dev.cairn.testkit.worker.NativeSourcesBuild;
import dev.cairn.testkit.worker.PackagedCairn;

/**
 * What packaged workers and commands reach by name, against what an executable has: without the builder, and on a JVM.
 *
 * <p>An agent in each process records class look-ups, reflection, resources, service loaders, bundles, proxies,
 * serialization and native libraries. What is recorded has to be in the configuration that the builder would get, or be done
 * by the builder itself, or be one of {@link ReviewedAccesses}. What native code looks up is beyond an agent in Java:
 * {@link NativeConfigurationTest} reads that in the libraries.
 *
 * <p>Traces that other tests have left in {@code target/traces} count as well: {@code ./mvnw verify
 * -DargLine=-Dcairn.test.trace=true}, and then {@code ./mvnw verify -Dit.test=NativeReachabilityIT}.
 */
class NativeReachabilityIT {

    private static NativeSources sources;

    @TempDir
    Path directory;

    @BeforeAll
    static void build() {
        assumeThat(PackagedCairn.find().kind())
                .as("an executable has no agents")
                .isEqualTo(PackagedCairn.Kind.JAR);
        sources = NativeSourcesBuild.ofWorker();
    }

    @Test
    void shouldFindInTheExecutableWhateverIsReachedByName() throws Exception {
        // Given
        Path traces = directory.resolve("traces");
        List<Access> traced = new ArrayList<>();
        try (SecuredBroker broker = SecuredBroker.start(directory.resolve("broker"))) {
            traced.addAll(Tracing.during(traces, () -> {
                TracedLife life = new TracedLife(broker, Files.createDirectory(directory.resolve("life")));
                life.command();
                life.work();
                life.workTogether();
            }));
        }
        if (Files.isDirectory(Tracing.TRACES)) {
            traced.addAll(Traces.in(Tracing.TRACES));
        }

        // When, Then
        ReachabilityCheck.check("worker", traced, sources, Path.of("target", "quarkus-app"));
    }
}
