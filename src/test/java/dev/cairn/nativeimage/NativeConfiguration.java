package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.Module;
import com.github.luben.zstd.Zstd;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.rocksdb.RocksDB;
import org.xerial.snappy.Snappy;
import software.amazon.awssdk.services.sts.internal.StsProfileCredentialsProviderFactory;

/**
 * What the configuration of native executables has to contain, by the jars on the class path.
 *
 * <p>The files have the form that Quarkus itself writes for the builder. The newer one, a single {@code
 * reachability-metadata.json}, is not known to GraalVM for JDK 21, and says JNI in different words before and after JDK 25.
 */
final class NativeConfiguration {

    static final Path DIRECTORY = Path.of("src/main/resources/META-INF/native-image/dev.cairn/cairn");

    /** Where its codecs are, and what its settings name. */
    static final String KAFKA = "/org/apache/kafka/common/";

    private static final String ALL_DECLARED =
            "\"allDeclaredConstructors\": true, \"allDeclaredMethods\": true," + " \"allDeclaredFields\": true";
    private static final String ALL_PUBLIC = "\"allPublicConstructors\": true, \"allPublicMethods\": true";

    private static final String PUBLIC_CONSTRUCTORS = "\"allPublicConstructors\": true";

    /** Those that workers have; a processor's own mapper may look for them when it runs. */
    private static final String JACKSONS_MODULES =
            "com\\.fasterxml\\.jackson\\.(datatype\\.jdk8|datatype\\.jsr310|module\\.paramnames)\\..*";

    /** How C and C++ name a class to JNI: as a text in the library, by itself or in the signature of a method. */
    private static final Pattern NAME_IN_LIBRARY =
            Pattern.compile("((?:java|org/rocksdb|org/xerial|com/github/luben|net/jpountz)/[\\w/$]+)(?=[\\x00;])");

    private NativeConfiguration() {}

    /**
     * Classes that native code reaches, each with what it may reach of it.
     *
     * <p>RocksDB's code looks up every class by its name, and asks no object for its class: a class whose name is in none of
     * its libraries cannot be reached. Zstandard's and Snappy's code also asks the objects that it is given, which are of
     * classes with native methods. What such a class inherits is looked up in its superclasses.
     */
    static String jni() {
        Map<String, String> entries = new TreeMap<>();
        Set<String> named = namedInLibraries();
        classesIn(RocksDB.class, "").stream()
                .filter(type -> named.contains(type.getName()))
                .flatMap(NativeConfiguration::withSuperclasses)
                .forEach(type -> entries.put(type.getName(), ALL_DECLARED));
        Stream.of(Zstd.class, Snappy.class)
                .flatMap(one -> classesIn(one, "").stream())
                .filter(type -> named.contains(type.getName()) || hasNativeMethods(type))
                .flatMap(NativeConfiguration::withSuperclasses)
                .forEach(type -> entries.put(type.getName(), ALL_DECLARED));
        named.stream().filter(name -> name.startsWith("java.")).forEach(name -> entries.put(name, ALL_PUBLIC));
        return json(entries);
    }

    private static Stream<JavaClass> withSuperclasses(JavaClass type) {
        return Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
                .filter(each -> !each.getName().startsWith("java."));
    }

    private static boolean hasNativeMethods(JavaClass type) {
        return type.getMethods().stream()
                .anyMatch(method -> method.getModifiers().contains(JavaModifier.NATIVE));
    }

    /** Classes that libraries make by their names, and Quarkus does not know of. */
    static String reflection() {
        Map<String, String> entries = new TreeMap<>();
        classesIn(LZ4Factory.class, "").stream()
                .filter(NativeConfiguration::isCodecInJava)
                .forEach(type ->
                        entries.put(type.getName(), "\"allDeclaredConstructors\": true, \"allPublicFields\": true"));
        classesIn(KafkaConsumer.class, KAFKA).stream()
                .filter(NativeConfiguration::isMadeByName)
                .forEach(type -> entries.put(type.getName(), PUBLIC_CONSTRUCTORS));
        // A profile of AWS with role_arn.
        entries.put(StsProfileCredentialsProviderFactory.class.getName(), PUBLIC_CONSTRUCTORS);
        ServiceLoader.load(Module.class).stream()
                .map(module -> module.type().getName())
                .filter(name -> name.matches(JACKSONS_MODULES))
                .forEach(name -> entries.put(name, PUBLIC_CONSTRUCTORS));
        return json(entries);
    }

    /** LZ4 finds its codec by putting the name of a class together, and reads its one instance from a field. */
    private static boolean isCodecInJava(JavaClass type) {
        return type.getName().matches(".*Java(Safe|Unsafe).*")
                && type.getFields().stream().anyMatch(field -> field.getName().equals("INSTANCE"));
    }

    /** What settings of Kafka's clients name and Quarkus does not register; Kerberos is refused in executables. */
    private static boolean isMadeByName(JavaClass type) {
        return !type.isInterface()
                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                && !type.getPackageName().endsWith(".kerberos")
                && KafkaClassSettings.unknownToQuarkus().stream().anyMatch(type::isAssignableTo);
    }

    /** The names that the native libraries for Linux look classes up by. */
    static Set<String> namedInLibraries() {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : List.of(RocksDB.class, Zstd.class, Snappy.class)) {
            try (JarFile jar = new JarFile(jarOf(type).toFile())) {
                jar.stream()
                        .filter(entry -> entry.getName()
                                .matches("librocksdbjni-linux(64|-aarch64)\\.so|linux/(amd64|aarch64)/.*\\.so"
                                        + "|org/xerial/snappy/native/Linux/(x86_64|aarch64)/.*\\.so"))
                        .forEach(entry -> {
                            try (InputStream library = jar.getInputStream(entry)) {
                                Matcher name = NAME_IN_LIBRARY.matcher(
                                        new String(library.readAllBytes(), StandardCharsets.ISO_8859_1));
                                while (name.find()) {
                                    names.add(name.group(1).replace('/', '.'));
                                }
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return names;
    }

    /** The classes of the jar that this one is in, those with this in their path. */
    static JavaClasses classesIn(Class<?> one, String path) {
        try (JarFile jar = new JarFile(jarOf(one).toFile())) {
            return new ClassFileImporter()
                    .withImportOption(location -> location.contains(path))
                    .importJar(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar that a class is in. */
    static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A line for each class, so that a difference shows what an upgrade has changed. */
    private static String json(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> "  {\"name\": \"" + entry.getKey() + "\", " + entry.getValue() + "}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }
}
