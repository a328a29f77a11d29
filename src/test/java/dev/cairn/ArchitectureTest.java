package dev.cairn;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms of the house, and which of them may know which. */
class ArchitectureTest {

    /** From top to bottom: a room may use the ones below its own line. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("cli", "rest", "health", "metrics", "kubernetes", "nativeimage"),
            Set.of("fleet"),
            Set.of("worker"),
            Set.of("job"),
            Set.of("settings"),
            Set.of("checkpoint"),
            Set.of("state"),
            Set.of("storage"),
            Set.of("processors"),
            Set.of("api"));

    private static JavaClasses main;

    @BeforeAll
    static void importClasses() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .importPackages("dev.cairn");
        assertThat(main).as("classes to check").isNotEmpty();
    }

    static Stream<String> rooms() {
        return FLOORS.stream().flatMap(Set::stream).sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void shouldOnlyDependOnLowerRooms(String room) {
        String[] notBelow = rooms().filter(other -> !other.equals(room) && floor(other) <= floor(room))
                .map(ArchitectureTest::packages)
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(packages(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(notBelow)
                .because(
                        "an arrow only points down the list of rooms, so that each can be understood, tested and changed"
                                + " with nothing but what is below it"));
    }

    @Test
    void shouldKeepTheApiToItself() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(packages("api"))
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage("dev.cairn..").and(resideOutsideOfPackage(packages("api"))))
                        .because(
                                "processors compile against the api, and must keep doing so while everything behind it changes"));
    }

    @Test
    void shouldWriteProcessorsAgainstTheApiAlone() {
        check(noClasses()
                .that()
                .resideInAPackage(packages("processors"))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cairn..")
                        .and(resideOutsideOfPackages(packages("processors"), packages("api"))))
                .because("the ready-made processors prove that the api suffices to write one"));
    }

    @Test
    void shouldHaveNoCyclesBetweenRooms() {
        check(slices().matching("dev.cairn.(*)..")
                .should()
                .beFreeOfCycles()
                .because("rooms in a cycle are one room with the walls in the wrong places"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "state", "storage"})
    void shouldNotUseTheContainerBelowTheWorker(String room) {
        check(noClasses()
                .that()
                .resideInAPackage(packages(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..", "jakarta.enterprise..", "jakarta.inject..", "org.eclipse.microprofile..")
                .because(
                        "what keeps the data safe takes plain constructor arguments, so that a test can run it, crash it and"
                                + " run it again in milliseconds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "storage"})
    void shouldNotKnowKafkasClientsInStateAndStorage(String room) {
        check(noClasses()
                .that()
                .resideInAPackage(packages(room))
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.kafka..")
                        .and(resideOutsideOfPackages(
                                "org.apache.kafka.common.serialization..", "org.apache.kafka.common.errors..")))
                .because(
                        "state and objects are kept the same way wherever records come from; of Kafka they share the serdes"
                                + " of the api"));
    }

    @Test
    void shouldKeepEveryClassInARoom() {
        check(classes()
                .should()
                .resideInAnyPackage(rooms().map(ArchitectureTest::packages).toArray(String[]::new))
                .because("a class outside of the rooms escapes every rule about them"));
    }

    @Test
    void shouldSayWhatEveryPackageIsFor() {
        Set<String> packages = new TreeSet<>();
        main.forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages)
                .as("packages; a reader learns from package-info.java what belongs into one and what does not")
                .allSatisfy(name -> assertThat(Path.of("src/main/java", name.replace('.', '/'), "package-info.java"))
                        .exists());
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(main);
    }

    private static String packages(String room) {
        return "dev.cairn." + room + "..";
    }

    private static int floor(String room) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        throw new IllegalArgumentException(room);
    }
}
