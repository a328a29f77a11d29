package dev.cairn.nativeimage;

import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;

/** The types that classes of a class path refer to and that are in none of its jars. */
final class MissingTypes {

    private static final int CLASS_TAG = 7;

    /** A later JDK has some that an earlier one has not. */
    private static final String ANY_JDK = "java.";

    private static final Set<String> JDK = ModuleFinder.ofSystem().findAll().stream()
            .flatMap(module -> module.descriptor().packages().stream())
            .collect(Collectors.toSet());

    private final Map<String, Boolean> present = new HashMap<>();
    private final SortedMap<String, String> missing = new TreeMap<>();

    private MissingTypes() {}

    /**
     * Searches.
     *
     * @return an example for each pair of a jar, without its version, and a package that it misses types of: {@code
     *     "org.jline.jline org.jline.nativ"} leads to {@code "org.jline.nativ.CLibrary in org.jline.terminal.Pty"}
     */
    static SortedMap<String, String> in(List<Path> jars) {
        MissingTypes types = new MissingTypes();
        jars.forEach(types::collect);
        jars.forEach(types::search);
        return types.missing;
    }

    private void collect(Path jar) {
        BuilderJdk.forEachClass(jar, content -> present.put(content.getClassName(), true));
    }

    private void search(Path jar) {
        String home = withoutVersion(jar.getFileName().toString());
        BuilderJdk.forEachClass(jar, content -> {
            for (String type : namedIn(content)) {
                if (!present.computeIfAbsent(type, MissingTypes::isOfTheJdk)) {
                    missing.putIfAbsent(
                            home + " " + packageOf(type), dotted(type) + " in " + dotted(content.getClassName()));
                }
            }
        });
    }

    private static Set<String> namedIn(ClassReader reader) {
        Set<String> names = new HashSet<>();
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int item = 1; item < reader.getItemCount(); item++) {
            int offset = reader.getItem(item);
            if (offset > 0 && reader.readByte(offset - 1) == CLASS_TAG) {
                Type type = Type.getObjectType(reader.readUTF8(offset, buffer));
                Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
                if (element.getSort() == Type.OBJECT) {
                    names.add(element.getInternalName());
                }
            }
        }
        return names;
    }

    private static boolean isOfTheJdk(String type) {
        String home = packageOf(type);
        return home.startsWith(ANY_JDK) || JDK.contains(home);
    }

    private static String packageOf(String type) {
        return dotted(type.substring(0, Math.max(0, type.lastIndexOf('/'))));
    }

    private static String withoutVersion(String jar) {
        return jar.replaceFirst("-\\d[^/]*\\.jar$", "");
    }

    private static String dotted(String name) {
        return name.replace('/', '.');
    }
}
