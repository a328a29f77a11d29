package dev.cairn.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The classes that the builder is told to leave for run time.
 *
 * @param names of classes, and of packages, which stand for everything in them
 */
record RunTimeInitialized(Set<String> names) {

    private static final String OPTION = "--initialize-at-run-time";

    /** Written by Quarkus: it names the classes and packages that extensions want so. */
    private static final String FEATURE = "io.quarkus.runner.Feature";

    /** What Cairn's own configuration says. */
    static RunTimeInitialized byCairn() throws IOException {
        Properties properties = new Properties();
        try (InputStream file =
                Files.newInputStream(NativeConfiguration.DIRECTORY.resolve("native-image.properties"))) {
            properties.load(file);
        }
        return new RunTimeInitialized(
                Stream.of(properties.getProperty("Args", "").trim().split("\\s+"))
                        .filter(argument -> argument.startsWith(OPTION + "="))
                        .flatMap(argument -> Stream.of(
                                argument.substring(OPTION.length() + 1).split(",")))
                        .collect(Collectors.toSet()));
    }

    /** What all say: the configuration in the jars, the builder's arguments, and Quarkus. */
    static RunTimeInitialized by(ExecutableMetadata metadata, Bytecode sources) {
        Set<String> names = metadata.values(OPTION).collect(Collectors.toCollection(HashSet::new));
        sources.find(FEATURE).ifPresent(feature -> names.addAll(byFeature(feature)));
        return new RunTimeInitialized(names);
    }

    /** The names that stand before the call that asks for it. */
    private static Set<String> byFeature(ClassNode feature) {
        Set<String> names = new HashSet<>();
        List<String> ahead = new ArrayList<>();
        feature.methods.forEach(method -> method.instructions.forEach(instruction -> {
            if (instruction instanceof LdcInsnNode constant && constant.cst instanceof String text) {
                ahead.add(text);
            } else if (instruction instanceof MethodInsnNode call
                    && call.owner.endsWith("/RuntimeClassInitialization")) {
                if (call.name.equals("initializeAtRunTime")) {
                    names.addAll(ahead);
                }
                ahead.clear();
            }
        }));
        return names;
    }

    boolean contains(String name) {
        if (names.contains(name)) {
            return true;
        }
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            if (names.contains(name.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }
}
