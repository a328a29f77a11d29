package dev.cairn.testkit.trace.recorder;

import java.lang.reflect.Executable;

/** Something that was reached by name. */
final class Reached {

    /** What it is: class, method, constructor, field, all, resource, service, bundle, proxy, serialized, library, allocated. */
    final String kind;

    /** The class that was asked, or the name. */
    final String owner;

    /** The method that was called to reach it. */
    final String by;

    String member = "";
    String parameters = "";

    /** The class that declares the member. */
    String declaring = "";

    boolean found = true;

    /** Whether it counts although the JDK itself asks. */
    boolean fromAnywhere;

    /** For what is used again and again: it is looked at until it has been used outside of initializers. */
    Object used;

    Reached(String kind, String owner, String by) {
        this.kind = kind;
        this.owner = owner;
        this.by = by;
    }

    Reached member(String name) {
        this.member = name;
        return this;
    }

    Reached parameters(Class<?>... types) {
        this.parameters = names(types);
        return this;
    }

    Reached declaredBy(Class<?> type) {
        this.declaring = type.getName();
        return this;
    }

    Reached found(boolean isFound) {
        this.found = isFound;
        return this;
    }

    Reached fromAnywhere() {
        this.fromAnywhere = true;
        return this;
    }

    /** A method or constructor that is called by reflection. */
    static Reached use(String kind, Executable used, String by) {
        Reached reached = new Reached(kind, used.getDeclaringClass().getName(), by)
                .member(kind.equals("constructor") ? "<init>" : used.getName())
                .parameters(used.getParameterTypes())
                .declaredBy(used.getDeclaringClass());
        reached.used = used;
        return reached;
    }

    private static String names(Class<?>... types) {
        StringBuilder names = new StringBuilder();
        for (Class<?> type : types) {
            if (names.length() > 0) {
                names.append(',');
            }
            names.append(type == null ? "null" : type.getName());
        }
        return names.toString();
    }
}
