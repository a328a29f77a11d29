package dev.cairn;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.cairn.storage.StoredObject;

/** The rooms of the house, and which of them may know which. */
class ArchitectureTest {

    /** From top to bottom: a room may use the ones below its own line. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("cli", "rest", "health", "metrics", "kubernetes", "nativeimage", "test"),
            Set.of("fleet"),
            Set.of("worker"),
            Set.of("job"),
            Set.of("settings"),
            Set.of("checkpoint"),
            Set.of("state"),
            Set.of("storage"),
            Set.of("processors"),
            Set.of("api", "names"));

    /** Packages within rooms, of each room from top to bottom: a package may use the ones below its own line. */
    private static final List<Floor> FLOORS_OF_ROOMS = List.of(
            new Floor("worker", "it is the top of its room"),
            new Floor("worker.loop", "a loop runs in a test as it does in a process"),
            new Floor("worker.start", "how a partition starts does not depend on what its loop is about"),
            new Floor("worker.record", "a record goes its way no matter who runs the partition"),
            new Floor("worker.output", "results are sent alike whatever they are results of"),
            new Floor("worker.group", "who has which partition does not depend on what is done with it"),
            new Floor("worker.status", "what is seen of a worker must not reach into it"),
            new Floor("checkpoint.savepoint", "it is the top of its room"),
            new Floor("checkpoint.write", "checkpoints are taken whether savepoints are ever made of them or not"),
            new Floor("checkpoint.local", "a restore goes by what is stored, no matter who has written it and how"),
            new Floor("checkpoint.store", "the store is read and tidied on machines that have no state"),
            new Floor("checkpoint.protocol", "it decides about what others have read, and never reads on its own"),
            new Floor("checkpoint.format", "what a checkpoint is does not depend on what is done to it"));

    /** What is public only because packages of its room need it. */
    private static final Set<String> CLASSES_OF_THEIR_ROOM = Set.of(
            "checkpoint.format.BaseDescription",
            "checkpoint.format.CheckpointPaths",
            "checkpoint.format.Crc32c",
            "checkpoint.format.Identity",
            "checkpoint.format.MetadataCodec",
            "checkpoint.protocol.Classifier",
            "checkpoint.protocol.PartitionContent",
            "checkpoint.protocol.Retention",
            "checkpoint.protocol.Standings",
            "checkpoint.protocol.Stock",
            "worker.group.CoPartitionAssignor",
            "worker.group.GroupMember",
            "worker.group.GroupOffsets",
            "worker.group.InputTopic",
            "worker.group.InputTopics",
            "worker.group.Membership",
            "worker.status.FailureKind",
            "worker.status.Lifecycle",
            "worker.status.RollBackException");

    /** Packages of which no other room may use anything. */
    private static final List<String> PACKAGES_OF_THEIR_ROOM =
            List.of("worker.loop", "worker.start", "worker.record", "worker.output");

    /** The room of what authors test with: it runs a record's way as a loop does, and so it may use what is a worker's only. */
    private static final String TESTING = "test";

    /** The same, of classes that other rooms may use. */
    private static final Map<String, Set<String>> MEMBERS_OF_THEIR_ROOM = Map.of(
            "checkpoint.format.CheckpointMetadata",
            Set.of("deltasOn", "inlineTail", "objects", "withNumber"),
            "checkpoint.format.Delta",
            Set.of("fileName", "holdsChanges", "inlineChanges", "merge", "ofFile", "ofInline"),
            "checkpoint.local.LocalDirectory",
            Set.of("condemn", "delete", "findDamage", "staging"),
            "checkpoint.local.Restored",
            Set.of("origins"),
            "checkpoint.local.Scratch",
            Set.of("directory", "resources"),
            "checkpoint.protocol.ClassifiedObject",
            Set.of("isSameAs"),
            "checkpoint.store.CheckpointStore",
            Set.of(
                    "create",
                    "delete",
                    "describe",
                    "fetchSorted",
                    "key",
                    "markCommitted",
                    "readBase",
                    "upload",
                    "uploadSorted"),
            "checkpoint.store.Snapshot",
            Set.of("isIn"));

    private static JavaClasses main;

    /**
     * A package within a room.
     *
     * @param name below {@code dev.cairn}
     * @param why it must not know those above
     */
    private record Floor(String name, String why) {

        private String room() {
            return name.split("\\.", 2)[0];
        }

        @Override
        public String toString() {
            return name;
        }
    }

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

    static Stream<Floor> floorsOfRooms() {
        return FLOORS_OF_ROOMS.stream();
    }

    @ParameterizedTest
    @MethodSource("floorsOfRooms")
    void shouldOnlyDependOnLowerPackagesOfTheRoom(Floor floor) {
        String[] above = FLOORS_OF_ROOMS.subList(0, FLOORS_OF_ROOMS.indexOf(floor)).stream()
                .filter(other -> other.room().equals(floor.room()))
                .map(other -> "dev.cairn." + other.name())
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage("dev.cairn." + floor.name())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above)
                .because(floor.why()));
    }

    @Test
    void shouldHaveNoCyclesBetweenPackages() {
        check(slices().matching("dev.cairn.(**)")
                .should()
                .beFreeOfCycles()
                .because("of packages in a cycle none can be understood without the others"));
    }

    @Test
    void shouldHaveAFloorForEveryPackageOfASplitRoom() {
        Set<String> rooms = FLOORS_OF_ROOMS.stream().map(Floor::room).collect(Collectors.toSet());
        Set<String> packages = new TreeSet<>();
        main.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .forEach(type -> packages.add(type.getPackageName().substring("dev.cairn.".length())));
        packages.removeIf(name -> !rooms.contains(name.split("\\.", 2)[0]));
        assertThat(packages)
                .as("packages of rooms with floors; one without a floor escapes the rules about them")
                .containsExactlyInAnyOrderElementsOf(
                        FLOORS_OF_ROOMS.stream().map(Floor::name).toList());
    }

    @Test
    void shouldDecideAboutCheckpointsWithoutAskingTheWorld() {
        String protocol = "dev.cairn.checkpoint.protocol";
        check(classes()
                .that()
                .resideInAPackage(protocol)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                "java.lang..",
                                "java.time",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                protocol,
                                "dev.cairn.checkpoint.format",
                                "dev.cairn.names")
                        .or(type(StoredObject.class)))
                .because("the protocol is what a test can go through in whole tables, without a store"));
        check(noClasses()
                .that()
                .resideInAPackage(protocol)
                .should()
                .accessTargetWhere(describe(
                        "it is a clock or a thread",
                        access -> (access.getTargetOwner().getPackageName().equals("java.time")
                                        && access.getTarget().getName().equals("now"))
                                || access.getTargetOwner().isAssignableTo(Thread.class)
                                || access.getTargetOwner().isEquivalentTo(System.class)))
                .because("what is decided depends on nothing but what is given"));
    }

    @Test
    void shouldLeaveToARoomWhatIsPublicForItsPackagesAlone() {
        FLOORS_OF_ROOMS.stream().map(Floor::room).distinct().forEach(room -> {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackages(packages(room), packages(TESTING))
                    .should()
                    .dependOnClassesThat(describe(
                            "are of the room " + room + " only",
                            type -> type.getPackageName().startsWith("dev.cairn." + room)
                                    && (CLASSES_OF_THEIR_ROOM.contains(nameOf(type))
                                            || PACKAGES_OF_THEIR_ROOM.stream().anyMatch(name -> type.getPackageName()
                                                    .equals("dev.cairn." + name)))))
                    .because("they are public for its packages only, which Java cannot say"));
            check(noClasses()
                    .that()
                    .resideOutsideOfPackage(packages(room))
                    .should()
                    .accessTargetWhere(describe(
                            "it is of the room " + room + " only",
                            access -> access.getTargetOwner().getPackageName().startsWith("dev.cairn." + room)
                                    && MEMBERS_OF_THEIR_ROOM
                                            .getOrDefault(nameOf(access.getTargetOwner()), Set.of())
                                            .contains(access.getTarget().getName())))
                    .because("it is public for its packages only, which Java cannot say"));
        });
    }

    @Test
    void shouldTestProcessorsWithNothingButTheWayOfARecord() {
        check(noClasses()
                .that()
                .resideInAPackage(packages(TESTING))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cairn..")
                        .and(resideOutsideOfPackages(
                                packages(TESTING),
                                "dev.cairn.worker.record",
                                "dev.cairn.worker.output",
                                "dev.cairn.worker.status",
                                packages("settings"),
                                packages("state"),
                                packages("api"),
                                packages("names"))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..", "jakarta..", "org.junit..", "org.assertj..", "org.apache.kafka.clients.admin..")
                .because("a test of a processor needs no loop, no store, no container and no test framework"));
    }

    @Test
    void shouldKnowWhatIsPublicForItsRoomAlone() {
        assertThat(CLASSES_OF_THEIR_ROOM)
                .allSatisfy(name ->
                        assertThat(main.contain("dev.cairn." + name)).as(name).isTrue());
        MEMBERS_OF_THEIR_ROOM.forEach((name, members) -> assertThat(members)
                .as("members of " + name)
                .isSubsetOf(main.get("dev.cairn." + name).getMembers().stream()
                        .map(JavaMember::getName)
                        .collect(Collectors.toSet())));
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

    /** Of a class below {@code dev.cairn}; what is nested in one counts as it. */
    private static String nameOf(JavaClass type) {
        return type.getName().replaceFirst("^dev\\.cairn\\.", "").replaceFirst("\\$.*", "");
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
