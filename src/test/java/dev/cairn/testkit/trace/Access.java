package dev.cairn.testkit.trace;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something that a traced process has reached by name, from one place.
 *
 * @param kind class, method, constructor, field, all (members of a class), resource, service, bundle, proxy, serialized,
 *     library, allocated
 * @param owner the class that was asked, or the name of what is no class
 * @param member of the class; of {@code all} the method that was called
 * @param parameters classes, of a proxy its interfaces
 * @param declaring the class that has the member
 * @param found whether it was there
 * @param by the JDK's method that was called, with its class
 * @param caller the class that called it
 * @param callerMethod its name and descriptor
 * @param index of the call in the bytecode of that method
 * @param initializers the classes of the application whose initialization it is a part of
 * @param frames the way to it, the nearest first: class, #, method, :, line
 */
public record Access(
        String kind,
        String owner,
        String member,
        List<String> parameters,
        String declaring,
        boolean found,
        String by,
        String caller,
        String callerMethod,
        int index,
        Set<String> initializers,
        List<String> frames) {

    private static final int COLUMNS = 13;

    static Access parse(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalStateException("no line of the tracing agent: " + line);
        }
        return new Access(
                columns[0],
                columns[1],
                columns[2],
                words(columns[3], ","),
                columns[4],
                Boolean.parseBoolean(columns[5]),
                columns[6],
                columns[7],
                columns[8] + columns[9],
                columns[10].isEmpty() ? -1 : Integer.parseInt(columns[10]),
                Set.copyOf(words(columns[11], ",")),
                words(columns[12], "\\|"));
    }

    private static List<String> words(String text, String between) {
        return Stream.of(text.split(between)).filter(word -> !word.isEmpty()).toList();
    }

    /** What it is in a message: {@code method org.example.Thing.name(java.lang.String)}. */
    public String what() {
        return switch (kind) {
            case "method", "constructor" ->
                kind + " " + declaring + "." + member + "(" + String.join(", ", parameters) + ")";
            case "field" -> kind + " " + declaring + "." + member;
            case "all" -> "all of " + owner + ": " + member + "()";
            case "proxy" -> "proxy of " + String.join(", ", parameters);
            default -> kind + " " + owner;
        };
    }
}
