package dev.cairn.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cairn.api.Processor;
import dev.cairn.testkit.trace.Access;
import dev.cairn.testkit.worker.NativeSources;

/** Fails when packaged processes have reached something by name that an executable of the same application does not have. */
public final class ReachabilityCheck {

    /** Where the reports are. */
    public static final Path DIRECTORY = Path.of("target", "native-reachability");

    private static final String OWN = "dev.cairn.";

    private ReachabilityCheck() {}

    /**
     * Compares.
     *
     * @param name of the report
     * @param traced what its processes have reached
     * @param sources what the builder would get
     * @param application the directory that Quarkus has packaged it into
     * @throws AssertionError that names each gap with its origin and what would close it
     */
    public static void check(String name, List<Access> traced, NativeSources sources, Path application) {
        List<Gap> gaps = gaps(traced, sources, application);
        String report = gaps.stream().map(Gap::describe).collect(Collectors.joining("\n\n"));
        Path file = DIRECTORY.resolve(name + "-gaps.txt");
        try {
            Files.createDirectories(DIRECTORY);
            Files.writeString(file, report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(gaps)
                .as("reached by name, and missing in an executable; all of it is in %s:%n%s", file, report)
                .isEmpty();
        Set<String> byNativeCode = new TreeSet<>(NativeConfiguration.namedInLibraries());
        byNativeCode.removeAll(ExecutableMetadata.of(sources).jni());
        assertThat(byNativeCode)
                .as("named in native libraries, and missing in every jni-config.json")
                .isEmpty();
    }

    static List<Gap> gaps(List<Access> traced, NativeSources sources, Path application) {
        ExecutableMetadata metadata = ExecutableMetadata.of(sources);
        try (Bytecode built = Bytecode.of(sources.jars());
                Bytecode ran = Bytecode.ofApplication(application)) {
            addWhatTheFeatureRegisters(metadata, sources, application);
            Reachability reachability = new Reachability(
                    metadata, LateInitialization.of(metadata, built), Substitutions.in(built), new CallSites(ran));
            return reachability.gaps(traced, ReviewedAccesses.read()::contain);
        }
    }

    /** See {@link CairnFeature}. Cairn's own classes are the same here and there. */
    private static void addWhatTheFeatureRegisters(
            ExecutableMetadata metadata, NativeSources sources, Path application) {
        NativeLibraries libraries =
                System.getProperty("os.arch").equals("aarch64") ? NativeLibraries.AARCH64 : NativeLibraries.AMD64;
        libraries.in(sources.jars()).forEach(metadata::include);
        List<Path> jars = jarsOf(application);
        URL[] urls = jars.stream().map(ReachabilityCheck::url).toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(urls, ReachabilityCheck.class.getClassLoader());
                Bytecode classes = Bytecode.of(jars)) {
            classes.names()
                    .filter(name -> !name.endsWith("-info"))
                    .forEach(name -> metadata.register(registeredFor(load(name, loader))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Class<?>> registeredFor(Class<?> type) {
        if (Processor.class.isAssignableFrom(type)) {
            return JsonTypes.of(type);
        }
        return type.isRecord() && type.getName().startsWith(OWN) ? JsonTypes.ofOwnValue(type, OWN) : Set.of();
    }

    /** Its own classes and Cairn's, which are the same where it is Cairn. */
    private static List<Path> jarsOf(Path application) {
        try (Stream<Path> files = Files.walk(application)) {
            return files.filter(file -> file.getParent().equals(application.resolve("app"))
                            || file.getFileName().toString().startsWith("dev.cairn.cairn-"))
                    .filter(file -> file.toString().endsWith(".jar"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
