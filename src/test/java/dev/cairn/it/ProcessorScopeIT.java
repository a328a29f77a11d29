package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.Launch;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainTest;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

import dev.cairn.api.Declaration;
import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;
import dev.cairn.api.Processor;

/** A processor that is a bean which all partitions would share. */
@QuarkusMainTest
@TestProfile(ProcessorScopeIT.SharedIsChosen.class)
class ProcessorScopeIT {

    @Test
    @Launch(
            value = {},
            exitCode = 1)
    void shouldNotStartWithAProcessorThatPartitionsWouldShare(LaunchResult worker) {
        assertThat(worker.getOutput() + worker.getErrorOutput())
                .containsOnlyOnce("ERROR")
                .contains("cairn.processor=shared: its scope is @ApplicationScoped, but every partition needs an"
                        + " instance of its own. Make it @Dependent")
                .doesNotContain("\tat ");
    }

    /** What a worker needs at least; it does not get as far as to its broker and its store. */
    public static final class SharedIsChosen implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "cairn.processor", "shared",
                    "cairn.job", "scope",
                    "cairn.input.topics", "scope-in",
                    "cairn.instance", "worker-1",
                    "kafka.bootstrap.servers", "localhost:1",
                    "state.checkpoints.dir", "file:/nowhere");
        }
    }

    /** Counts, in whichever partition it was declared last. */
    @ApplicationScoped
    @Named("shared")
    static class SharedProcessor implements Processor<String, String, String, String> {

        @Override
        public void declare(Declaration<String, String, String, String> declare) {
            declare.input(Serdes.String(), Serdes.String());
            declare.output(Serdes.String(), Serdes.String());
        }

        @Override
        public void process(InputRecord<String, String> input, Output<String, String> output) {
            output.emit(input.key(), input.value());
        }
    }
}
