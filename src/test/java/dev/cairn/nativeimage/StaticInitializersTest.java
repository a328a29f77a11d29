package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedAction;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On classes that are only read, never initialized. */
class StaticInitializersTest {

    private static final Path TESTS = Path.of("target", "test-classes");

    private static StaticInitializers initializers;
    private static SortedMap<String, Map<MachineAccess, String>> asking;

    @BeforeAll
    static void readTests() {
        initializers = StaticInitializers.in(List.of(TESTS));
        asking = initializers.asking();
    }

    @ParameterizedTest
    @CsvSource({
        "Loads, LIBRARY",
        "LoadsByAnother, LIBRARY",
        "LoadsByStartingAnother, LIBRARY",
        "ByItsMethods, RANDOM",
        "ByItsConstructor, CLOCK",
        "ByALambda, ENVIRONMENT",
        "ByAnAction, FILES",
        "ByAProperty, JDK",
        "ByAMethodAroundProperties, JDK",
        "ByAThread, THREAD",
        "ByTheConstructorOfAnother, RANDOM",
        "ByAStaticMethodOfAnother, RANDOM"
    })
    void shouldFindWhatAnInitializerAsks(String type, MachineAccess access) {
        assertThat(asking).containsKey(name(type));
        assertThat(asking.get(name(type))).containsOnlyKeys(access);
    }

    @Test
    void shouldShowTheWay() {
        assertThat(asking.get(name("LoadsByAnother")))
                .containsValue(name("Loads") + ".load > java.lang.System.loadLibrary");
    }

    @Test
    void shouldLeaveAloneWhatAsksNothingWhenItIsInitialized() {
        assertThat(asking).doesNotContainKeys(name("Harmless"), name("OnlyLater"));
    }

    @Test
    void shouldShowTheWayThroughOthers() {
        assertThat(asking.get(name("ByAStaticMethodOfAnother")))
                .containsValue(name("Drawing") + ".create > <init> > java.util.Random.<init>");
    }

    @Test
    void shouldNotAskOthersForTheirSwitches() {
        assertThat(asking).doesNotContainKey(name("BySwitchesOfAnother"));
    }

    @Test
    void shouldReadClassesAsTheBuildersJdkDoes(@TempDir Path directory) throws IOException {
        // Given
        Path jar = JarWithClasses.at(directory.resolve("versions.jar"))
                .add("a.Drawing", JarWithClasses.empty("a.Drawing"))
                .add(name("ByItsMethods"), JarWithClasses.empty(name("ByItsMethods")))
                .addFor(24, name("ByItsMethods"), classFile("ByItsMethods"))
                .addFor(26, "a.Drawing", JarWithClasses.empty("a.TooNew"))
                .write();

        // When
        StaticInitializers read = StaticInitializers.in(List.of(jar));

        // Then
        assertThat(read.asking()).containsOnlyKeys(name("ByItsMethods"));
        assertThat(read.names()).containsOnly("a.Drawing", name("ByItsMethods"));
    }

    @Test
    void shouldNameTheClassesThatAnInitializerStarts() {
        assertThat(initializers.startedBy(name("LoadsByStartingAnother"))).isEqualTo(Set.of(name("Loads")));
    }

    private static byte[] classFile(String type) throws IOException {
        return Files.readAllBytes(TESTS.resolve(name(type).replace('.', '/') + ".class"));
    }

    private static String name(String type) {
        return StaticInitializersTest.class.getName() + "$" + type;
    }

    @SuppressWarnings("unused")
    private static final class Loads {
        static long handle = load();

        static long load() {
            System.loadLibrary("none");
            return 1;
        }
    }

    @SuppressWarnings("unused")
    private static final class LoadsByAnother {
        static final long HANDLE = Loads.load();
    }

    @SuppressWarnings("unused")
    private static final class LoadsByStartingAnother {
        static final long HANDLE = Loads.handle;
    }

    @SuppressWarnings("unused")
    private static final class ByItsMethods {
        static final long SEED = first();

        private static long first() {
            return second();
        }

        private static long second() {
            return new Random().nextLong();
        }
    }

    @SuppressWarnings("unused")
    private static final class ByItsConstructor {
        static final ByItsConstructor ONE = new ByItsConstructor();
        final long made = System.nanoTime();
    }

    @SuppressWarnings("unused")
    private static final class ByALambda {
        static final Supplier<String> HOME = () -> System.getenv("HOME");
    }

    @SuppressWarnings("unused")
    private static final class ByAnAction {
        static final Object FOUND = new PrivilegedAction<Boolean>() {
            @Override
            public Boolean run() {
                return Path.of("/etc/hosts").toFile().exists();
            }
        }.run();
    }

    @SuppressWarnings("unused")
    private static final class ByAProperty {
        static final String VERSION = System.getProperty("java.specification.version");
    }

    @SuppressWarnings("unused")
    private static final class ByAMethodAroundProperties {
        static final String VERSION = Properties.get("java.version");
    }

    private static final class Properties {
        static String get(String name) {
            return System.getProperty(name, "");
        }
    }

    @SuppressWarnings("unused")
    private static final class ByAThread {
        static final Thread ONE = new Thread(() -> {});
    }

    @SuppressWarnings("unused")
    private static final class ByTheConstructorOfAnother {
        static final Drawing ONE = new Drawing();
    }

    @SuppressWarnings("unused")
    private static final class ByAStaticMethodOfAnother {
        static final Drawing ONE = Drawing.create();
    }

    @SuppressWarnings("UnusedVariable")
    private static final class Drawing {
        final Random random = new Random();

        static Drawing create() {
            return new Drawing();
        }
    }

    @SuppressWarnings("unused")
    private static final class BySwitchesOfAnother {
        static final String DEBUG = Properties.get("debug");
    }

    @SuppressWarnings("unused")
    private static final class Harmless {
        static final String SEPARATOR = System.getProperty("line.separator");
        static final int SIZE = Math.max(1, Integer.parseInt("2"));
    }

    @SuppressWarnings("unused")
    private static final class OnlyLater {
        static final List<String> NONE = List.of();

        static long now() {
            return System.nanoTime();
        }
    }
}
