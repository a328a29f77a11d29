package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.graalvm.nativeimage.hosted.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.RocksDB;
import org.xerial.snappy.Snappy;

/**
 * The configuration for native executables against the jars in use: an upgrade must not lose a class silently.
 *
 * <p>With {@code -Dcairn.native-configuration=write} it writes the files instead.
 */
class NativeConfigurationTest {

    private static final String COMMAND =
            "./mvnw test -Dtest=NativeConfigurationTest -Dcairn.native-configuration=write";
    private static final boolean WRITE = "write".equals(System.getProperty("cairn.native-configuration"));

    @SuppressWarnings("ImmutableEnumChecker") // It is.
    private enum File {
        JNI("jni-config.json", NativeConfiguration::jni),
        REFLECTION("reflect-config.json", NativeConfiguration::reflection);

        private final String name;
        private final Supplier<String> needed;

        File(String name, Supplier<String> needed) {
            this.name = name;
            this.needed = needed;
        }

        Path path() {
            return NativeConfiguration.DIRECTORY.resolve(name);
        }
    }

    @ParameterizedTest
    @EnumSource(File.class)
    void shouldContainEveryClassThatIsReachedByItsName(File file) throws IOException {
        // Given
        String needed = file.needed.get();
        if (WRITE) {
            Files.writeString(file.path(), needed);
        }

        // When
        String present = Files.readString(file.path());

        // Then
        Set<String> missing = new TreeSet<>(needed.lines().toList());
        present.lines().toList().forEach(missing::remove);
        Set<String> gone = new TreeSet<>(present.lines().toList());
        needed.lines().toList().forEach(gone::remove);
        assertThat(present)
                .as(
                        "%s lacks %s, and has %s, which no jar asks for. To write it anew: %s",
                        file.name, missing, gone, COMMAND)
                .isEqualTo(needed);
        assertThat(names(file)).doesNotHaveDuplicates();
    }

    @Test
    void shouldKnowEverySettingOfKafkasClientsThatNamesClasses() {
        assertThat(KafkaClassSettings.defined().keySet())
                .as("settings that name classes: say in KafkaClassSettings who registers these for executables")
                .contains("sasl.login.class", "metric.reporters", "security.providers")
                .isSubsetOf(KafkaClassSettings.known());
    }

    @Test
    void shouldFindTheClassesThatKafkasSettingsName() throws IOException {
        assertThat(names(File.REFLECTION))
                .contains(
                        "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                        "org.apache.kafka.common.security.authenticator.DefaultLogin",
                        "org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerRefreshingLogin",
                        "org.apache.kafka.common.security.ssl.DefaultSslEngineFactory")
                .containsAll(KafkaClassSettings.defined().values().stream()
                        .filter(key -> key.name.startsWith("sasl.") || key.name.startsWith("ssl."))
                        .flatMap(key -> KafkaClassSettings.defaults(key).stream())
                        .toList());
    }

    @Test
    void shouldLetNativeCodeFindWhatItNamesItself() throws IOException {
        assertThat(NativeConfiguration.namedInLibraries())
                .as("classes that the libraries look up; the first that is not found ends in NoClassDefFoundError")
                .contains("org.rocksdb.RocksDBException", "java.lang.IllegalArgumentException")
                .isSubsetOf(names(File.JNI));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEmbedOneLibraryOfEachKind(NativeLibraries libraries) {
        // Given
        List<Path> classPath = Stream.of(RocksDB.class, Zstd.class, Snappy.class, LZ4Factory.class, KafkaConsumer.class)
                .map(NativeConfiguration::jarOf)
                .toList();

        // When
        List<String> embedded = libraries.in(classPath);

        // Then
        assertThat(embedded).hasSize(3).allSatisfy(library -> assertThat(
                        getClass().getClassLoader().getResource(library))
                .isNotNull());
    }

    @Test
    void shouldNameTheFeature() throws IOException {
        // When
        List<String> features = arguments("--features=");

        // Then
        assertThat(features).containsExactly(CairnFeature.class.getName());
        assertThat(Feature.class).isAssignableFrom(CairnFeature.class);
    }

    private static List<String> arguments(String option) throws IOException {
        Properties properties = new Properties();
        try (var file = Files.newInputStream(NativeConfiguration.DIRECTORY.resolve("native-image.properties"))) {
            properties.load(file);
        }
        return Arrays.stream(properties.getProperty("Args").split("\\s+"))
                .filter(argument -> argument.startsWith(option))
                .flatMap(argument ->
                        Arrays.stream(argument.substring(option.length()).split(",")))
                .toList();
    }

    private static List<String> names(File file) throws IOException {
        return new ObjectMapper().readTree(file.path().toFile()).findValuesAsText("name");
    }
}
