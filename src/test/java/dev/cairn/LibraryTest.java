package dev.cairn;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ext.Provider;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.junit.jupiter.api.Test;

/**
 * What Cairn has to be as a library of someone else's application. Quarkus generates classes that call those of Cairn. While
 * the application is tested or developed, some of them are in the class loader of the application, and Cairn is not: there
 * a class or method that is not public cannot be called, though both have the same package.
 */
class LibraryTest {

    /** On methods: what is annotated is called by a class that Quarkus generates as one of the application. */
    private static final Set<String> OF_THE_APPLICATION = Set.of(
            "org.eclipse.microprofile.reactive.messaging.Incoming",
            "org.eclipse.microprofile.reactive.messaging.Outgoing",
            "io.quarkus.scheduler.Scheduled",
            "io.quarkus.vertx.ConsumeEvent",
            "io.quarkus.vertx.web.Route",
            "org.jboss.resteasy.reactive.server.ServerExceptionMapper",
            "org.jboss.resteasy.reactive.server.ServerRequestFilter",
            "org.jboss.resteasy.reactive.server.ServerResponseFilter");

    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages("dev.cairn");

    @Test
    void shouldMakePublicWhatGeneratedClassesOfTheApplicationCall() {
        DescribedPredicate<JavaMethod> called =
                describe("called by a class of the application", method -> method.getAnnotations().stream()
                        .map(annotation -> annotation.getRawType())
                        .anyMatch(type ->
                                OF_THE_APPLICATION.contains(type.getName()) || type.isAnnotatedWith(HttpMethod.class)));
        methods()
                .that(called)
                .should()
                .bePublic()
                .andShould()
                .beDeclaredInClassesThat()
                .arePublic()
                .check(main);
        assertThat(main.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(called)
                        .map(method -> method.getOwner().getSimpleName()))
                .as("what the rule is about")
                .contains("FleetChannels", "JobResource");
    }

    @Test
    void shouldMakePublicWhatQuarkusFindsByItsAnnotation() {
        classes()
                .that(annotatedWith(Path.class)
                        .or(annotatedWith(Provider.class))
                        .or(annotatedWith(OpenApiFilter.class))
                        .or(annotatedWith(QuarkusMain.class))
                        .<JavaClass>forSubtype())
                .should()
                .bePublic()
                .check(main);
    }

    @Test
    void shouldBringItsOwnJsonForItsOwnResources() {
        DescribedPredicate<JavaClass> withBodies =
                describe("have bodies", type -> !type.getSimpleName().equals("EventsResource"));
        classes()
                .that(resideInAPackage("dev.cairn.rest")
                        .and(annotatedWith(Path.class).<JavaClass>forSubtype())
                        .and(withBodies))
                .should()
                .beAnnotatedWith(CustomSerialization.class)
                .andShould()
                .beAnnotatedWith(CustomDeserialization.class)
                .check(main);
    }

    @Test
    void shouldLeaveTheApplicationItsOwnSettings() throws IOException {
        Properties defaults = new Properties();
        try (InputStream file = Files.newInputStream(
                java.nio.file.Path.of("src", "main", "resources", "META-INF", "microprofile-config.properties"))) {
            defaults.load(file);
        }
        List<String> ofTheApplication = List.of(
                "quarkus.package.main-class",
                "quarkus.banner.",
                "quarkus.log.console.",
                "quarkus.log.level",
                "quarkus.kafka.devservices.",
                "quarkus.s3.devservices.",
                "quarkus.otel.",
                "quarkus.jackson.",
                "quarkus.messaging.health.",
                "quarkus.micrometer.",
                "quarkus.smallrye-openapi.");
        assertThat(defaults.stringPropertyNames()).isNotEmpty().noneMatch(name -> ofTheApplication.stream()
                .anyMatch(name::startsWith));
    }
}
