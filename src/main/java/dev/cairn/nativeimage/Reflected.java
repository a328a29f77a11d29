package dev.cairn.nativeimage;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/** Members of classes, some of which may mention optional libraries that are not there. */
final class Reflected {

    private Reflected() {}

    /** Its own fields. */
    static List<Field> fields(Class<?> type) {
        try {
            return List.of(type.getDeclaredFields());
        } catch (LinkageError e) {
            return List.of();
        }
    }

    /** Its own constructors and methods. */
    static List<Executable> executables(Class<?> type) {
        List<Executable> all = new ArrayList<>();
        try {
            all.addAll(List.of(type.getDeclaredConstructors()));
            all.addAll(List.of(type.getDeclaredMethods()));
        } catch (LinkageError e) {
            // What is there is found.
        }
        return all;
    }

    /** The subtypes of a sealed type. */
    static List<Class<?>> permitted(Class<?> type) {
        try {
            return List.of(type.getPermittedSubclasses());
        } catch (LinkageError e) {
            return List.of();
        }
    }
}
