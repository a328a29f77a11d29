package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.worker.status.CheckpointReport;

/** A class is small enough to be read at once, and knows few others. */
class SizeTest {

    private static final int MAX_LINES = 350;
    private static final int MAX_PARAMETERS = 8;
    private static final int MAX_COLLABORATORS = 15;

    private static final String PROJECT = "dev.cairn";

    /** What is written, sent or shown as JSON: the names of the components are the format, and so they stand in one record. */
    private static final Set<String> FORMATS = Set.of(
            CheckpointMetadata.class.getName(),
            "dev.cairn.checkpoint.store.CheckpointDescription",
            "dev.cairn.cli.CheckpointsListCommand$Row",
            "dev.cairn.fleet.FleetEvent$SavepointEnded",
            "dev.cairn.rest.CheckpointRow",
            "dev.cairn.rest.CheckpointsView$Summaries",
            "dev.cairn.rest.JobView",
            "dev.cairn.rest.PartitionView",
            "dev.cairn.rest.WorkerView",
            CheckpointReport.class.getName(),
            CheckpointReport.Part.class.getName());

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(PROJECT);

    @Test
    void shouldHaveNoLongFile() throws IOException {
        List<String> longer = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                int lines = Files.readAllLines(file).size();
                if (lines > MAX_LINES) {
                    longer.add(file + ": " + lines);
                }
            }
        }

        assertThat(longer).as("files of more than %s lines", MAX_LINES).isEmpty();
    }

    @Test
    void shouldHaveNoConstructorWithManyParameters() {
        Map<String, Integer> larger = new TreeMap<>();
        CLASSES.stream()
                .filter(each -> each.getPackageName().startsWith(PROJECT) && !FORMATS.contains(each.getName()))
                .flatMap(each -> each.getConstructors().stream())
                .filter(each -> each.getRawParameterTypes().size() > MAX_PARAMETERS)
                .forEach(each -> larger.put(
                        each.getOwner().getName(), each.getRawParameterTypes().size()));

        assertThat(larger)
                .as("constructors and records with more than %s parameters", MAX_PARAMETERS)
                .isEmpty();
    }

    @Test
    void shouldHaveNoClassWithManyCollaborators() {
        Map<String, Set<String>> collaborators = new TreeMap<>();
        for (JavaClass each : CLASSES) {
            if (each.getPackageName().startsWith(PROJECT)) {
                String name = outermost(each).getName();
                Set<String> known = collaborators.computeIfAbsent(name, first -> new TreeSet<>());
                each.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .map(target -> target.isArray() ? target.getBaseComponentType() : target)
                        .map(SizeTest::outermost)
                        .filter(target ->
                                isCollaborator(target) && !target.getName().equals(name))
                        .forEach(target -> known.add(target.getSimpleName()));
            }
        }
        collaborators.values().removeIf(known -> known.size() <= MAX_COLLABORATORS);

        assertThat(collaborators)
                .as("classes with more than %s collaborators", MAX_COLLABORATORS)
                .isEmpty();
    }

    /** A class of the project that does something: records, enums, exceptions, settings and names are data. */
    private static boolean isCollaborator(JavaClass target) {
        return target.getPackageName().startsWith(PROJECT)
                && !target.isRecord()
                && !target.isEnum()
                && !target.isAssignableTo(Throwable.class)
                && !target.getPackageName().equals(PROJECT + ".settings")
                && !target.getPackageName().equals(PROJECT + ".names");
    }

    private static JavaClass outermost(JavaClass nested) {
        JavaClass outer = nested;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
