package dev.cairn.nativeimage;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.graalvm.nativeimage.Platform;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;

import dev.cairn.api.Processor;

/**
 * Tells the builder of a native executable what it cannot see: which types Jackson will look into, and which native
 * libraries belong to the machine it builds for. {@code native-image.properties} next to the other configuration names it.
 *
 * <p>A processor's author writes no reflection configuration: whenever the analysis meets a processor, in whichever jar, its
 * {@link JsonTypes} are registered. So are Cairn's own records, because what Cairn itself writes as JSON is made of them.
 */
public final class CairnFeature implements Feature {

    private static final String OWN = "dev.cairn.";

    private final Set<Class<?>> registered = ConcurrentHashMap.newKeySet();

    @Override
    public String getDescription() {
        return "Cairn: the JSON types of processors, and the native libraries of this platform";
    }

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        access.registerSubtypeReachabilityHandler(
                (during, processor) -> register(JsonTypes.of(processor)), Processor.class);
        access.registerSubtypeReachabilityHandler(
                (during, value) -> {
                    if (value.getName().startsWith(OWN)) {
                        register(JsonTypes.ofOwnValue(value, OWN));
                    }
                },
                Record.class);
        // Jars on the class path share one module, the one of this class.
        libraries()
                .in(access.getApplicationClassPath())
                .forEach(library -> RuntimeResourceAccess.addResource(CairnFeature.class.getModule(), library));
    }

    private static NativeLibraries libraries() {
        if (Platform.includedIn(Platform.LINUX_AMD64.class)) {
            return NativeLibraries.AMD64;
        }
        if (Platform.includedIn(Platform.LINUX_AARCH64.class)) {
            return NativeLibraries.AARCH64;
        }
        throw new IllegalStateException("native executables of Cairn are for Linux on amd64 or aarch64");
    }

    private void register(Set<Class<?>> types) {
        types.stream().filter(registered::add).forEach(CairnFeature::register);
    }

    private static void register(Class<?> type) {
        List<Executable> executables = Reflected.executables(type);
        List<Field> fields = Reflected.fields(type);
        RuntimeReflection.register(type);
        RuntimeReflection.register(executables.toArray(Executable[]::new));
        RuntimeReflection.register(fields.toArray(Field[]::new));
        RuntimeReflection.registerAllDeclaredConstructors(type);
        RuntimeReflection.registerAllDeclaredMethods(type);
        RuntimeReflection.registerAllDeclaredFields(type);
        RuntimeReflection.registerAllDeclaredClasses(type);
        if (type.isRecord()) {
            RuntimeReflection.registerAllRecordComponents(type);
        }
    }
}
