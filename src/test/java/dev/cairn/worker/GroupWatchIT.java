package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.settings.Settings;
import dev.cairn.settings.SettingsReader;
import dev.cairn.testkit.Brokers;
import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.StoppableBroker;
import dev.cairn.testkit.TestJob;

/** What the watch over the group says of a broker that comes and goes. */
class GroupWatchIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @Test
    void shouldSayOnceThatTheBrokerIsAwayAndOnceThatItAnswersAgain() {
        try (StoppableBroker broker = Brokers.own(directory.resolve("broker"));
                LogLines lines = new LogLines(GroupWatch.class)) {
            // Given
            Settings settings = settings(new TestJob(broker, directory, 1));
            AtomicReference<Throwable> failure = new AtomicReference<>();
            GroupWatch watch = new GroupWatch(
                    settings,
                    new StartChecks(settings, broker.admin(), ANSWER_LIMIT),
                    broker.admin(),
                    List.of(),
                    failure::set);
            watch.look();
            assertThat(lines.soFar()).isEmpty();

            // When
            broker.pause();
            watch.look();
            watch.look();

            // Then
            assertThat(lines.soFar())
                    .singleElement()
                    .asString()
                    .contains("Kafka cannot be reached at kafka.bootstrap.servers=" + broker.bootstrapServers())
                    .endsWith("The worker waits for it and then goes on; nothing is lost");

            // When
            broker.resume();
            await("an answer").atMost(LIMIT).until(() -> {
                watch.look();
                return lines.soFar().size() > 1;
            });
            watch.look();

            // Then
            assertThat(lines.soFar()).hasSize(2).last().isEqualTo("Kafka answers again");
            assertThat(failure.get()).isNull();
        }
    }

    private static Settings settings(TestJob job) {
        return SettingsReader.read(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(job.settings("worker-1"), "test", 300))
                .build());
    }
}
