package dev.cairn.nativeimage;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The types, methods and fields that classes of a class path refer to and that none of its jars has. */
final class MissingTypes {

    private final LinkableClasses present = new LinkableClasses();
    private final SortedMap<String, String> missing = new TreeMap<>();

    private MissingTypes() {}

    /**
     * Searches.
     *
     * @return an example for each pair of a jar, without its version, and a package that it misses types of: {@code
     *     "org.jline.jline org.jline.nativ"} leads to {@code "org.jline.nativ.CLibrary in org.jline.terminal.Pty"}. So does each pair
     *     of a jar and a member that a class lacks which is there: {@code "library a.Type#count:I"}
     */
    static SortedMap<String, String> in(List<Path> jars) {
        MissingTypes types = new MissingTypes();
        jars.forEach(jar -> BuilderJdk.forEachClass(jar, types.present::add));
        jars.forEach(types::search);
        return types.missing;
    }

    private void search(Path jar) {
        String home = withoutVersion(jar.getFileName().toString()) + " ";
        BuilderJdk.forEachClass(jar, content -> {
            String user = " in " + dotted(content.getClassName());
            References references = References.of(content);
            references.types().stream()
                    .filter(type -> !present.contain(type))
                    .forEach(type -> missing.putIfAbsent(home + packageOf(type), dotted(type) + user));
            references.members().stream()
                    .filter(each -> !present.haveMember(each.owner(), each.member()))
                    .map(each -> dotted(each.owner()) + "#" + each.member())
                    .forEach(member -> missing.putIfAbsent(home + member, member + user));
        });
    }

    private static String packageOf(String type) {
        return dotted(type.substring(0, Math.max(0, type.lastIndexOf('/'))));
    }

    private static String withoutVersion(String jar) {
        return jar.replaceFirst("-\\d[^/]*\\.jar$", "").replaceFirst("^modified-", "");
    }

    private static String dotted(String name) {
        return name.replace('/', '.');
    }
}
