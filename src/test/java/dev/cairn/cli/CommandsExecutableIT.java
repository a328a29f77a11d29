package dev.cairn.cli;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainIntegrationTest;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.worker.StoppedJob;

/**
 * Every command of what was packaged, a jar or an executable, on checkpoints in S3.
 *
 * <p>By Quarkus' launcher of command lines: an application under {@code @QuarkusIntegrationTest} takes no arguments that
 * differ from test to test. Settings reach the process as system properties, arguments as they are typed.
 */
@QuarkusMainIntegrationTest
@WithTestResource(StoppedJob.Settings.class)
class CommandsExecutableIT {

    @Test
    void shouldRunEveryCommand(QuarkusMainLauncher packaged) throws Exception {
        EveryPackagedCommand.run(StoppedJob.of(StoppedJob.Settings.class), arguments -> {
            LaunchResult result = packaged.launch(arguments);
            return new EveryPackagedCommand.Launched(result.exitCode(), result.getOutput(), result.getErrorOutput());
        });
    }
}
