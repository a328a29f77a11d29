package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.eclipse.microprofile.config.ConfigProvider;
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

    @Test
    void shouldInitializeAtRunTimeOnlyWhatIsThere() throws IOException {
        assertThat(arguments("--initialize-at-run-time="))
                .contains("org.rocksdb")
                .allSatisfy(name -> assertThat(isThere(name)).as(name).isTrue());
    }

    @Test
    void shouldInitializeAtRunTimeWhoeverLoadsLibrariesWhenInitialized() throws IOException {
        // Given
        JavaClasses clients = NativeConfiguration.classesIn(KafkaConsumer.class, NativeConfiguration.KAFKA);
        List<String> libraries = List.of("org.rocksdb.", "com.github.luben.", "net.jpountz.", "org.xerial.");

        // When
        List<String> early =
                whoInitializesWith(clients, target -> libraries.stream().anyMatch(target::startsWith));

        // Then
        assertThat(early)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(atRunTime(name)).as(name).isTrue());
    }

    @Test
    void shouldTakeNothingOfTheBuildersMachineIntoTheExecutable() throws IOException {
        // Given
        JavaClasses own = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .importPackages("dev.cairn");
        List<String> ofTheMachine = List.of(
                ConfigProvider.class.getName(),
                "java.util.SplittableRandom",
                "java.util.Random",
                "java.security.SecureRandom",
                "java.util.concurrent.CompletableFuture",
                "java.util.concurrent.Executors",
                "java.lang.Thread",
                "java.net.InetAddress",
                "java.net.http.");

        // When
        List<String> early =
                whoInitializesWith(own, target -> ofTheMachine.stream().anyMatch(target::startsWith));

        // Then
        assertThat(early)
                .as("classes whose initializers ask the machine, or the settings: Quarkus runs them when it builds")
                .contains("dev.cairn.state.KeyHash$Seed")
                .allSatisfy(name -> assertThat(atRunTime(name)).as(name).isTrue());
    }

    private static List<String> whoInitializesWith(JavaClasses classes, Predicate<String> target) {
        return classes.stream()
                .filter(type -> type.getStaticInitializer().map(JavaStaticInitializer::getCallsFromSelf).stream()
                        .flatMap(Set::stream)
                        .anyMatch(call -> target.test(call.getTargetOwner().getName())))
                .map(JavaClass::getName)
                .toList();
    }

    private static boolean atRunTime(String name) {
        try {
            return arguments("--initialize-at-run-time=").stream()
                    .anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static boolean isThere(String name) {
        return Stream.of(name.replace('.', '/') + ".class", name.replace('.', '/') + "/")
                        .anyMatch(resource ->
                                NativeConfigurationTest.class.getClassLoader().getResource(resource) != null)
                || Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                        .filter(jar -> jar.endsWith(".jar"))
                        .anyMatch(jar -> contains(jar, name.replace('.', '/') + "/"));
    }

    private static boolean contains(String jar, String directory) {
        try (var file = new JarFile(jar)) {
            return file.stream().anyMatch(entry -> entry.getName().startsWith(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(File file) throws IOException {
        return new ObjectMapper().readTree(file.path().toFile()).findValuesAsText("name");
    }
}
