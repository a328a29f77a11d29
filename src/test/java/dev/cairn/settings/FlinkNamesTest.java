package dev.cairn.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import io.smallrye.config.SmallRyeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Flink's names, old and new, from a file and from the environment. The table is the design's, written out once more, so
 * that a slip in the catalog of settings does not decide what is right.
 */
class FlinkNamesTest {

    private static final String DIRECTORY = "state.checkpoints.dir";

    private static final Map<String, String> OF_A_JOB = Map.of(
            "kafka.bootstrap.servers", "broker:9092",
            "cairn.job", "flights",
            "cairn.input.topics", "delays",
            "cairn.instance", "worker-0");

    private static final List<Row> TABLE = List.of(
            new Row(
                    List.of("state.backend", "state.backend.type"),
                    settings -> settings.local().backend(),
                    new Value("rocksdb", StateBackend.ROCKSDB),
                    new Value("hashmap", StateBackend.HASHMAP),
                    "filesystem"),
            new Row(
                    List.of("state.backend.rocksdb.memory.fixed-per-tm"),
                    settings -> settings.local().rocksMemory(),
                    new Value("", Optional.empty()),
                    new Value("512mb", Optional.of(new MemorySize(512L << 20))),
                    "1mb"),
            new Row(
                    List.of("state.backend.async"),
                    settings -> settings.checkpoints().async(),
                    new Value("true", true),
                    new Value("false", false),
                    "sometimes"),
            new Row(
                    List.of("state.backend.incremental", "execution.checkpointing.incremental"),
                    settings -> settings.checkpoints().incremental(),
                    new Value("true", true),
                    new Value("false", false),
                    "1"),
            new Row(
                    List.of("state.backend.fs.memory-threshold", "execution.checkpointing.data-inline-threshold"),
                    settings -> settings.checkpoints().inlineThreshold(),
                    new Value("20kb", new MemorySize(20_480)),
                    new Value("3 kb", new MemorySize(3_072)),
                    "little"),
            new Row(
                    List.of("state.backend.fs.write-buffer-size", "execution.checkpointing.write-buffer-size"),
                    settings -> settings.checkpoints().writeBuffer(),
                    new Value("4096", new MemorySize(4_096)),
                    new Value("1mb", new MemorySize(1_048_576)),
                    "-1"),
            new Row(
                    List.of("state.backend.local-recovery", "execution.state-recovery.from-local"),
                    settings -> settings.local().recovery(),
                    new Value("true", true),
                    new Value("false", false),
                    "no"),
            new Row(
                    List.of("taskmanager.state.local.root-dirs", "execution.checkpointing.local-backup.dirs"),
                    settings -> settings.local().rootDirs(),
                    new Value("./data", List.of(Path.of("./data"))),
                    new Value("/fast:/wide,near", List.of(Path.of("/fast"), Path.of("/wide"), Path.of("near"))),
                    "file:/fast"),
            new Row(
                    List.of(DIRECTORY, "execution.checkpointing.dir"),
                    settings -> settings.checkpoints().dir(),
                    new Value("file:/checkpoints", "file:/checkpoints"),
                    new Value("s3://bucket/prod", "s3://bucket/prod"),
                    "hdfs://name/prod"),
            new Row(
                    List.of("state.checkpoints.num-retained", "execution.checkpointing.num-retained"),
                    settings -> settings.checkpoints().retained(),
                    new Value("1", 1),
                    new Value("5", 5),
                    "0"),
            new Row(
                    List.of("state.savepoints.dir", "execution.checkpointing.savepoint-dir"),
                    settings -> settings.checkpoints().savepointsDir(),
                    new Value("", Optional.empty()),
                    new Value("s3://bucket/savepoints", Optional.of("s3://bucket/savepoints")),
                    "hdfs://name/savepoints"),
            new Row(
                    List.of("execution.checkpointing.interval"),
                    settings -> settings.checkpoints().interval(),
                    new Value("10s", Duration.ofSeconds(10)),
                    new Value("1 min", Duration.ofMinutes(1)),
                    "often"),
            new Row(
                    List.of("execution.checkpointing.mode"),
                    settings -> settings.checkpoints().mode(),
                    new Value("EXACTLY_ONCE", CheckpointMode.EXACTLY_ONCE),
                    new Value("AT_LEAST_ONCE", CheckpointMode.AT_LEAST_ONCE),
                    "AT_MOST_ONCE"),
            new Row(
                    List.of("execution.checkpointing.timeout"),
                    settings -> settings.checkpoints().timeout(),
                    new Value("5min", Duration.ofMinutes(5)),
                    new Value("90s", Duration.ofSeconds(90)),
                    "soon"),
            new Row(
                    List.of("execution.checkpointing.min-pause"),
                    settings -> settings.checkpoints().minPause(),
                    new Value("0s", Duration.ZERO),
                    new Value("250ms", Duration.ofMillis(250)),
                    "-1s"),
            new Row(
                    List.of("execution.checkpointing.tolerable-failed-checkpoints"),
                    settings -> settings.checkpoints().tolerableFailed(),
                    new Value("0", 0),
                    new Value("3", 3),
                    "-1"),
            new Row(
                    List.of("execution.checkpointing.externalized-checkpoint-retention"),
                    settings -> settings.checkpoints().retention(),
                    new Value("RETAIN_ON_CANCELLATION", Retention.RETAIN_ON_CANCELLATION),
                    new Value("NO_EXTERNALIZED_CHECKPOINTS", Retention.NO_EXTERNALIZED_CHECKPOINTS),
                    "RETAIN"),
            new Row(
                    List.of("execution.state-recovery.path"),
                    settings -> settings.recovery().path(),
                    new Value("", Optional.empty()),
                    new Value("s3://bucket/prod/flights", Optional.of("s3://bucket/prod/flights")),
                    "hdfs://name/prod/flights"),
            new Row(
                    List.of("execution.state-recovery.claim-mode"),
                    settings -> settings.recovery().claimMode(),
                    new Value("NO_CLAIM", ClaimMode.NO_CLAIM),
                    new Value("CLAIM", ClaimMode.CLAIM),
                    "LEGACY"),
            new Row(
                    List.of("execution.state-recovery.ignore-unclaimed-state"),
                    settings -> settings.recovery().ignoreUnclaimedState(),
                    new Value("false", false),
                    new Value("true", true),
                    "maybe"));

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void shouldReadFromAFile(String name, Row row) {
        // When
        Settings settings = read(Map.of(name, row.another.text), Map.of());

        // Then
        assertThat(row.arrived(settings)).isEqualTo(row.another.read).isNotEqualTo(row.usual.read);
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void shouldReadFromTheEnvironment(String name, Row row) {
        // When
        Settings settings = read(Map.of(), Map.of(variable(name), row.another.text));

        // Then
        assertThat(row.arrived(settings)).isEqualTo(row.another.read).isNotEqualTo(row.usual.read);
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsWithADefault")
    void shouldHaveTheDefaultOfTheTable(Row row) {
        // When
        Settings settings = read(Map.of(), Map.of());

        // Then
        assertThat(row.arrived(settings)).isEqualTo(row.usual.read);
    }

    @Test
    void shouldRequireADirectoryForCheckpointsOutsideDevelopment() {
        // Given
        SmallRyeConfig outside = Configurations.of(OF_A_JOB, Map.of());
        SmallRyeConfig development = Configurations.of(OF_A_JOB, Map.of(), "dev");

        // When, Then
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(outside))
                .satisfies(error -> assertThat(error.problems())
                        .singleElement()
                        .asString()
                        .startsWith(DIRECTORY + ": required, but not set. Set it, or the environment variable"
                                + " STATE_CHECKPOINTS_DIR."));
        assertThat(SettingsReader.read(development).checkpoints().dir()).startsWith("file:");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsWithTwoSpellings")
    void shouldLetTheNewSpellingCountAndWarn(Row row) {
        // Given: even where the old one is in the environment, which otherwise comes before files
        Map<String, String> old = Map.of(row.oldSpelling(), row.lesser());
        Map<String, String> oldVariable = Map.of(variable(row.oldSpelling()), row.lesser());
        Map<String, String> both = new HashMap<>(old);
        both.put(row.newSpelling(), row.another.text);

        // When
        List<Settings> read = List.of(
                read(both, Map.of()),
                read(Map.of(row.newSpelling(), row.another.text), oldVariable),
                read(old, Map.of(variable(row.newSpelling()), row.another.text)));

        // Then
        assertThat(read).allSatisfy(settings -> {
            assertThat(row.arrived(settings)).isEqualTo(row.another.read);
            assertThat(settings.warnings())
                    .singleElement()
                    .asString()
                    .startsWith(row.oldSpelling() + " and " + row.newSpelling() + " are two names of one setting");
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void shouldNameTheSpellingWhoseValueCannotBeUsed(String name, Row row) {
        // Given
        List<SmallRyeConfig> configurations = List.of(
                configuration(Map.of(name, row.refused), Map.of()),
                configuration(Map.of(), Map.of(variable(name), row.refused)));

        // When, Then
        assertThat(configurations).allSatisfy(config -> assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(config))
                .satisfies(error -> assertThat(error.problems())
                        .singleElement()
                        .asString()
                        .startsWith(name + " = \"" + row.refused + "\": ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state.backend.fs.memory-threshold", "execution.checkpointing.data-inline-threshold"})
    void shouldRefuseToInlineMoreThanAMegabyte(String name) {
        // Given
        SmallRyeConfig aMegabyte = configuration(Map.of(name, "1mb"), Map.of());
        SmallRyeConfig aByteMore = configuration(Map.of(name, "1048577"), Map.of());

        // When, Then
        assertThat(SettingsReader.read(aMegabyte).checkpoints().inlineThreshold())
                .isEqualTo(new MemorySize(1_048_576));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SettingsReader.read(aByteMore))
                .satisfies(error -> assertThat(error.problems())
                        .containsExactly(name + " = \"1048577\": too large. Write a size of at most 1mb."));
    }

    @Test
    void shouldAcceptAWriteBufferBelowTheThreshold() {
        // When
        Settings settings = read(
                Map.of("state.backend.fs.write-buffer-size", "1kb", "state.backend.fs.memory-threshold", "100kb"),
                Map.of());

        // Then
        assertThat(settings.checkpoints().writeBuffer()).isEqualTo(new MemorySize(1_024));
        assertThat(settings.checkpoints().inlineThreshold()).isEqualTo(new MemorySize(102_400));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void shouldHaveARowForEveryNameOfFlinks() {
        // Given
        Stream<String> own = SettingCatalog.all().stream()
                .flatMap(Setting::spellings)
                .filter(name -> !name.startsWith("cairn.") && !name.startsWith("kafka."));

        // Then
        assertThat(TABLE.stream().flatMap(row -> row.spellings.stream()))
                .containsExactlyInAnyOrderElementsOf(own.toList());
    }

    private static Settings read(Map<String, String> properties, Map<String, String> environment) {
        return SettingsReader.read(configuration(properties, environment));
    }

    /** What a job needs at least, and these. */
    private static SmallRyeConfig configuration(Map<String, String> properties, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(OF_A_JOB);
        boolean namesDirectory = TABLE.stream()
                .filter(row -> row.oldSpelling().equals(DIRECTORY))
                .flatMap(row -> row.spellings.stream())
                .anyMatch(name -> properties.containsKey(name) || environment.containsKey(variable(name)));
        if (!namesDirectory) {
            all.put(DIRECTORY, "file:/checkpoints");
        }
        all.putAll(properties);
        return Configurations.of(all, environment);
    }

    private static String variable(String name) {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static Stream<Row> rowsWithADefault() {
        return TABLE.stream().filter(row -> !row.spellings.contains(DIRECTORY));
    }

    private static Stream<Row> rowsWithTwoSpellings() {
        return TABLE.stream().filter(row -> row.spellings.size() == 2);
    }

    private static List<Arguments> spellings() {
        List<Arguments> spellings = new ArrayList<>();
        TABLE.forEach(row -> row.spellings.forEach(name -> spellings.add(Arguments.of(name, row))));
        return spellings;
    }

    /**
     * A text, and what it is read as.
     *
     * @param read as it arrives in the settings
     */
    private record Value(String text, Object read) {}

    /**
     * A row of the table.
     *
     * @param spellings the old one first, where there are two
     * @param where it arrives
     * @param usual its default
     * @param another one that can be used
     * @param refused one that cannot
     */
    private record Row(
            List<String> spellings, Function<Settings, Object> where, Value usual, Value another, String refused) {

        String oldSpelling() {
            return spellings.get(0);
        }

        String newSpelling() {
            return spellings.get(1);
        }

        Object arrived(Settings settings) {
            return where.apply(settings);
        }

        /** What may be set and is not {@link #another}: the default, unless that is that nothing is set. */
        String lesser() {
            return usual.text.isEmpty() ? "/elsewhere" : usual.text;
        }

        @Override
        public String toString() {
            return String.join(", ", spellings);
        }
    }
}
