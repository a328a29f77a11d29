package dev.cairn.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.CheckpointSettings;

class AllowedTargetsTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"s3://bucket/sp", "s3://bucket/sp/", "s3://bucket/sp/orders/daily", "s3://copies/a"})
    void shouldTakeWhatIsInABucketThatIsAllowed(String target) {
        assertThat(inBucket().require(Optional.of(target))).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://bucket",
                "s3://bucket/spy",
                "s3://bucket/s",
                "s3://bucket/SP",
                "s3://bucket/other/sp",
                "s3://bucket-2/sp",
                "s3://bucket/sp%2f..%2fother",
                "s3://bucket/sp/%2e%2e/other",
                "s3://bucket/sp/../other",
                "s3://bucket/sp/./a",
                "s3://bucket/sp//a",
                "s3://bucket/sp\\..\\other",
                "S3://bucket/sp",
                "/sp"
            })
    void shouldRefuseWhatIsNotInABucketThatIsAllowed(String target) {
        assertRefused(inBucket(), target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3://bucket/checkpoints", "s3://bucket/checkpoints/orders", "s3://bucket/checkpoints/orders/sp"
            })
    void shouldRefuseCheckpointsInABucketThatIsAllowed(String target) {
        AllowedTargets targets = allowed("s3://bucket/checkpoints", Optional.of("s3://bucket/sp"), "s3://bucket");

        assertRefused(targets, target).withMessageContaining("state.checkpoints.dir=s3://bucket/checkpoints");
        assertThat(targets.require(Optional.of("s3://bucket/checkpoints-of-old")))
                .isNotEmpty();
    }

    @Test
    void shouldCompareDirectoriesByWholeNames() throws IOException {
        // Given
        Path savepoints = Files.createDirectory(directory.resolve("sp"));
        AllowedTargets targets = onDisk("sp", "copies");

        // When, Then
        for (String target : List.of("sp", "sp/orders", "copies", "copies/not/there")) {
            assertThat(targets.require(Optional.of(directory.resolve(target).toString())))
                    .isNotEmpty();
        }
        assertThat(targets.require(Optional.of("FILE:" + savepoints))).isNotEmpty();
        assertThat(targets.require(Optional.of("file://" + savepoints + "/"))).isNotEmpty();
        for (String target :
                List.of("", "spy", "s", "Sp", "checkpoints", "checkpoints/orders", "checkpoints/orders/sp")) {
            assertRefused(targets, directory.resolve(target).toString());
        }
        for (String steps : List.of("/../checkpoints", "/./a", "//a", "/%2e%2e/checkpoints", "/..")) {
            assertRefused(targets, savepoints + steps);
        }
    }

    @Test
    void shouldFollowSymbolicLinks() throws IOException {
        // Given
        Path savepoints = Files.createDirectory(directory.resolve("sp"));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
        Files.createDirectory(savepoints.resolve("orders"));
        Files.createSymbolicLink(savepoints.resolve("out"), elsewhere);
        Files.createSymbolicLink(savepoints.resolve("dangling"), directory.resolve("not-there"));
        Files.createSymbolicLink(savepoints.resolve("in"), savepoints.resolve("orders"));
        Files.createSymbolicLink(savepoints.resolve("to-checkpoints"), checkpoints);
        Files.createSymbolicLink(directory.resolve("link-to-sp"), savepoints);
        Files.createSymbolicLink(directory.resolve("link-to-elsewhere"), elsewhere);
        AllowedTargets targets = onDisk("sp", "link-to-elsewhere");

        // When, Then: the directory that is allowed may be named by a link, the target may not lead out of it by one
        for (String target : List.of("link-to-sp", "sp/in/a", "elsewhere/a", "link-to-elsewhere/a/b")) {
            assertThat(targets.require(Optional.of(directory.resolve(target).toString())))
                    .isNotEmpty();
        }
        assertRefused(targets, savepoints.resolve("dangling").toString());
        assertRefused(targets, savepoints.resolve("dangling/a").toString());
        assertRefused(targets, savepoints.resolve("to-checkpoints/orders").toString());
        assertRefused(onDisk("sp"), savepoints.resolve("out").toString());
        assertRefused(onDisk("sp"), savepoints.resolve("out/a/b").toString());
        assertRefused(onDisk("sp"), directory.resolve("link-to-elsewhere").toString());
    }

    @Test
    void shouldLookAgainWhereADirectoryWasOpened() {
        AllowedTargets targets = onDisk("sp");
        String target = directory.resolve("sp/a").toString();

        targets.requireOpened(target, "file:" + target);

        assertThatExceptionOfType(JobException.class)
                .isThrownBy(() -> targets.requireOpened(target, "file:" + directory.resolve("elsewhere")))
                .withMessageContaining(target);
    }

    @Test
    void shouldNameTheSettingsWhereNothingIsAllowed() {
        AllowedTargets targets = allowed("s3://bucket/checkpoints", Optional.empty());

        assertRefused(targets, "s3://bucket/sp")
                .withMessageContaining("state.savepoints.dir")
                .withMessageContaining("cairn.savepoints.allowed-directories");
        assertThatExceptionOfType(JobException.class)
                .isThrownBy(() -> targets.require(Optional.empty()))
                .withMessageContaining("state.savepoints.dir")
                .withMessageContaining("cairn.savepoints.allowed-directories");
    }

    @Test
    void shouldRefuseTheSettingsDirectoryAmongCheckpoints() {
        AllowedTargets targets = allowed("s3://bucket/cairn", Optional.of("s3://bucket/cairn/savepoints"));

        assertThatExceptionOfType(JobException.class)
                .isThrownBy(() -> targets.require(Optional.empty()))
                .withMessageContaining("s3://bucket/cairn/savepoints")
                .withMessageContaining("state.checkpoints.dir=s3://bucket/cairn");
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<JobException> assertRefused(
            AllowedTargets targets, String target) {
        return assertThatExceptionOfType(JobException.class)
                .isThrownBy(() -> targets.require(Optional.of(target)))
                .withMessageContaining(target);
    }

    private static AllowedTargets inBucket() {
        return allowed("s3://bucket/checkpoints", Optional.of("s3://bucket/sp"), "s3://copies/", "/copies");
    }

    private AllowedTargets onDisk(String byDefault, String... others) {
        return allowed(
                directory.resolve("checkpoints").toUri().toString(),
                Optional.of(directory.resolve(byDefault).toString()),
                List.of(others).stream()
                        .map(other -> "file:" + directory.resolve(other))
                        .toArray(String[]::new));
    }

    private static AllowedTargets allowed(String checkpoints, Optional<String> byDefault, String... others) {
        Map<String, String> properties = new HashMap<>();
        properties.put(SettingNames.CHECKPOINTS_DIR, checkpoints);
        byDefault.ifPresent(savepoints -> properties.put(SettingNames.SAVEPOINTS_DIR, savepoints));
        properties.put(SettingNames.ALLOWED_SAVEPOINT_DIRS, String.join(",", others));
        return new AllowedTargets(CheckpointSettings.of(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()));
    }
}
