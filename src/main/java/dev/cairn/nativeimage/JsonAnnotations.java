package dev.cairn.nativeimage;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;

/** What Jackson's annotations on a class and its members name. */
final class JsonAnnotations {

    private static final String JACKSON = "com.fasterxml.jackson.";

    /** An annotation's way of saying "no class". */
    private static final Set<String> NOTHING = Set.of("None", "Void");

    private final Set<Class<?>> named = new HashSet<>();
    private final Set<Class<?>> bundles = new HashSet<>();

    private JsonAnnotations() {}

    /** The classes that the annotations of a class, its fields, methods, constructors and parameters name. */
    static Set<Class<?>> classesNamedBy(Class<?> type) {
        JsonAnnotations annotations = new JsonAnnotations();
        List<AnnotatedElement> elements = new ArrayList<>();
        elements.add(type);
        elements.addAll(Reflected.fields(type));
        Reflected.executables(type).forEach(executable -> {
            elements.add(executable);
            elements.addAll(List.of(executable.getParameters()));
        });
        elements.forEach(annotations::read);
        return annotations.named;
    }

    private void read(AnnotatedElement element) {
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            Class<? extends Annotation> kind = annotation.annotationType();
            if (kind.getName().startsWith(JACKSON)) {
                read(annotation);
            } else if (kind.isAnnotationPresent(JacksonAnnotationsInside.class) && bundles.add(kind)) {
                read(kind);
            }
        }
    }

    private void read(Annotation annotation) {
        for (Method attribute : annotation.annotationType().getDeclaredMethods()) {
            try {
                readValue(attribute.invoke(annotation));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("annotations can be read: " + annotation, e);
            }
        }
    }

    private void readValue(Object value) {
        if (value instanceof Class<?> type) {
            if (!type.isPrimitive() && !type.equals(Object.class) && !NOTHING.contains(type.getSimpleName())) {
                named.add(type);
            }
        } else if (value instanceof Annotation inner) {
            read(inner);
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                readValue(Array.get(value, i));
            }
        }
    }
}
