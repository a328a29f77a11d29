package dev.cairn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import java.util.regex.Pattern;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cairn reaches nothing by its name: what a native executable lacks would show when a worker uses it, not when it is built. */
@SuppressWarnings("unused") // What the rule has to find is only read.
class ReflectionTest {

    /** By class: the methods that look something up by a name, or make it without its constructor being called. */
    private static final Map<String, Pattern> BY_NAME = Map.of(
            "java.lang.Class",
            Pattern.compile("forName|newInstance|get(Declared|Enclosing).*|get(Methods?|Fields?|Constructors?|Classes)"
                    + "|get(RecordComponents|PermittedSubclasses|Resource|ResourceAsStream)|get.*Annotations?.*"),
            "java.lang.ClassLoader",
            Pattern.compile("loadClass|findClass|defineClass|.*[rR]esources?.*"),
            "java.lang.Module",
            Pattern.compile("getResourceAsStream"),
            "java.lang.invoke.MethodHandles",
            Pattern.compile("privateLookupIn"),
            "java.lang.invoke.MethodHandles$Lookup",
            Pattern.compile("find.*|unreflect.*|define.*"),
            "java.util.ServiceLoader",
            Pattern.compile(".*"),
            "java.util.ResourceBundle",
            Pattern.compile(".*"));

    /** Whole packages, and classes whose every use is one. */
    private static final Pattern REFLECTIVE = Pattern.compile("java\\.lang\\.reflect\\.(?!Type$).*"
            + "|java\\.util\\.concurrent\\.atomic\\.Atomic\\w+FieldUpdater"
            + "|java\\.io\\.Object(In|Out)putStream|sun\\.misc\\.Unsafe");

    /** Who may, and why an executable has what they look for. */
    private static final Map<String, String> ALLOWED = Map.of(
            "dev.cairn.settings.Version.read()",
            "the name is a constant, which the builder sees, and the file is read while it builds",
            "dev.cairn.rest.StaticFiles.find(java.lang.String)",
            "the files are those below META-INF/resources, which Quarkus lists for the builder because it serves them");

    private static final ArchRule RULE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.cairn.nativeimage..")
            .should()
            .accessTargetWhere(DescribedPredicate.describe(
                    "something is looked up by its name", access -> isByName(access) && !isAllowed(access)))
            .because(
                    "a native executable has only what its builder sees in the code: what is looked up by a name is found"
                            + " on every JVM, and is missing there when a worker needs it. Name the class itself, or have an"
                            + " interface do it; if neither can be, add the method and the reason to ReflectionTest.ALLOWED");

    private static boolean isByName(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return REFLECTIVE.matcher(owner.getName()).matches()
                || BY_NAME.entrySet().stream()
                        .anyMatch(entry -> owner.isAssignableTo(entry.getKey())
                                && entry.getValue().matcher(access.getName()).matches());
    }

    private static boolean isAllowed(JavaAccess<?> access) {
        return ALLOWED.containsKey(access.getOrigin().getFullName());
    }

    @Test
    void shouldReachNothingByItsName() {
        RULE.check(main());
    }

    @Test
    void shouldAllowOnlyWhatNeedsIt() {
        assertThat(main().stream()
                        .flatMap(type -> type.getAccessesFromSelf().stream())
                        .filter(ReflectionTest::isByName)
                        .filter(access ->
                                !access.getOriginOwner().getPackageName().equals("dev.cairn.nativeimage"))
                        .map(access -> access.getOrigin().getFullName()))
                .hasSameElementsAs(ALLOWED.keySet());
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                ByClassName.class,
                ByMethodName.class,
                ByMethodReference.class,
                ByHandle.class,
                ByService.class,
                ByProxy.class,
                ByArray.class,
                ByFieldName.class,
                ByResource.class,
                ByLoader.class,
                ByBundle.class,
                BySerialization.class,
                ByInvocation.class
            })
    void shouldFindEveryWayOfReachingByName(Class<?> type) {
        assertThatThrownBy(() -> RULE.check(new ClassFileImporter().importClasses(type)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(type.getSimpleName())
                .hasMessageContaining("a native executable has only what its builder sees");
    }

    @Test
    void shouldLeaveAloneWhatNamesNothing() {
        RULE.check(new ClassFileImporter().importClasses(Harmless.class));
    }

    private static JavaClasses main() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .importPackages("dev.cairn");
    }

    private static final class ByClassName {
        Class<?> find(String name) throws ClassNotFoundException {
            return Class.forName(name);
        }
    }

    private static final class ByMethodName {
        boolean names(Object serde) throws NoSuchMethodException {
            return serde.getClass().getMethod("toString").getDeclaringClass() != Object.class;
        }
    }

    private static final class ByMethodReference {
        final Function<Class<?>, Object> fields = Class::getDeclaredFields;
    }

    private static final class ByHandle {
        Object find() throws ReflectiveOperationException {
            return MethodHandles.lookup().findVirtual(String.class, "length", MethodType.methodType(int.class));
        }
    }

    private static final class ByService {
        Object find() {
            return ServiceLoader.load(Runnable.class).findFirst();
        }
    }

    private static final class ByProxy {
        Object make() {
            return Proxy.newProxyInstance(
                    ByProxy.class.getClassLoader(), new Class<?>[] {Runnable.class}, (proxy, method, args) -> null);
        }
    }

    private static final class ByArray {
        Object make(Class<?> type) {
            return Array.newInstance(type, 1);
        }
    }

    private abstract static class ByFieldName {
        static final AtomicLongFieldUpdater<ByFieldName> COUNT =
                AtomicLongFieldUpdater.newUpdater(ByFieldName.class, "count");
        volatile long count;
    }

    private static final class ByResource {
        Object find(String name) {
            return ByResource.class.getResource(name);
        }
    }

    private static final class ByLoader {
        Object find(String name) {
            return Thread.currentThread().getContextClassLoader().getResourceAsStream(name);
        }
    }

    private static final class ByBundle {
        Object find(String name) {
            return ResourceBundle.getBundle(name, Locale.ROOT);
        }
    }

    private static final class BySerialization {
        Object read(byte[] bytes) throws IOException, ClassNotFoundException {
            try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return stream.readObject();
            }
        }
    }

    private static final class ByInvocation {
        Object call(Method method) throws ReflectiveOperationException {
            return method.invoke(this);
        }
    }

    private static final class Harmless {
        List<String> names(Object value, Type type) {
            return List.of(value.getClass().getName(), Harmless.class.getSimpleName(), type.getTypeName());
        }

        void initialize() throws IllegalAccessException {
            MethodHandles.lookup().ensureInitialized(Harmless.class);
        }
    }
}
