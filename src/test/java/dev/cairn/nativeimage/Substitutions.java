package dev.cairn.nativeimage;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;

/** Methods that the builder replaces or deletes, because a library or Quarkus says so: what they did is not done. */
final class Substitutions {

    private static final String ANNOTATIONS = "Lcom/oracle/svm/core/annotate/";
    private static final String TARGET = ANNOTATIONS + "TargetClass;";
    private static final List<String> REPLACED = List.of(ANNOTATIONS + "Substitute;", ANNOTATIONS + "Delete;");

    private final Set<String> methods = new HashSet<>();
    private final Set<String> classes = new HashSet<>();

    private Substitutions() {}

    static Substitutions in(Bytecode sources) {
        Substitutions substitutions = new Substitutions();
        sources.names()
                // Their writers call them so; to read every class would take a minute.
                .filter(name -> name.matches(".*(Target_|Substitut|\\.graal\\.|graalvm).*"))
                .flatMap(name -> sources.find(name).stream())
                .forEach(substitutions::add);
        return substitutions;
    }

    private void add(ClassNode node) {
        Optional<String> target = annotation(node.invisibleAnnotations, node.visibleAnnotations, TARGET)
                .map(Substitutions::target);
        if (target.isEmpty()) {
            return;
        }
        if (isReplaced(node.invisibleAnnotations, node.visibleAnnotations)) {
            classes.add(target.get());
        }
        node.methods.stream()
                .filter(method -> isReplaced(method.invisibleAnnotations, method.visibleAnnotations))
                .forEach(method -> methods.add(target.get() + "#" + method.name));
    }

    private static String target(AnnotationNode annotation) {
        String name = "";
        String inner = "";
        for (int i = 0; annotation.values != null && i < annotation.values.size(); i += 2) {
            Object value = annotation.values.get(i + 1);
            switch ((String) annotation.values.get(i)) {
                case "value" -> name = ((Type) value).getClassName();
                case "className" -> name = (String) value;
                case "innerClass" ->
                    inner = "$"
                            + String.join(
                                    "$",
                                    ((List<?>) value)
                                            .stream().map(Object::toString).toList());
                default -> {}
            }
        }
        return name + inner;
    }

    private static boolean isReplaced(List<AnnotationNode> one, List<AnnotationNode> other) {
        return REPLACED.stream().anyMatch(kind -> annotation(one, other, kind).isPresent());
    }

    private static Optional<AnnotationNode> annotation(
            List<AnnotationNode> one, List<AnnotationNode> other, String kind) {
        return Stream.of(one, other)
                .filter(list -> list != null)
                .flatMap(List::stream)
                .filter(annotation -> annotation.desc.equals(kind))
                .findFirst();
    }

    /** @param frame class, #, method, :, line */
    boolean replace(String frame) {
        String type = frame.substring(0, frame.indexOf('#'));
        return classes.contains(type) || methods.contains(frame.substring(0, frame.lastIndexOf(':')));
    }
}
