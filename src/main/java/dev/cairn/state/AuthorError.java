package dev.cairn.state;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cairn.storage.Clause;

/**
 * What logs and messages say of an exception that came out of a processor or one of its serdes.
 *
 * <p>What Cairn or Kafka has thrown says what is wrong in its own sentence. The message of any other exception may quote the
 * record, which no log shows: its class stands for it. Both name the author's line, where there is one.
 */
public final class AuthorError {

    private static final int MAX_CAUSES = 20;

    private static final List<String> OURS = List.of("dev.cairn.", "org.apache.kafka.");

    /**
     * Whose lines are of no help to the author of a processor: Cairn's, its ready-made processors included, those of what it
     * is built on, and the JDK's.
     */
    private static final List<String> NOT_THE_AUTHORS = List.of(
            "dev.cairn.",
            "org.apache.kafka.",
            "io.quarkus.",
            "com.fasterxml.jackson.",
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.");

    private AuthorError() {}

    /** In one line, without anything of the record. */
    public static String describe(Throwable error) {
        Throwable root = root(error);
        return isOurs(error) || root == error
                ? describeAlone(error)
                : describeAlone(error) + ", caused by " + describeAlone(root);
    }

    private static String describeAlone(Throwable error) {
        if (isOurs(error)) {
            return Clause.of(error)
                    + authorsLine(error).map(line -> " (at " + line + ")").orElse("");
        }
        return classAndLine(error);
    }

    /** The class, and the author's line; where there is none, the first line. */
    public static String classAndLine(Throwable error) {
        return error.getClass().getName()
                + authorsLine(error)
                        .or(() -> Stream.of(error.getStackTrace()).findFirst())
                        .map(line -> " at " + line)
                        .orElse("");
    }

    /** An exception of any class that Cairn or Kafka has thrown with a sentence. */
    private static boolean isOurs(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        String thrower = trace.length == 0 ? error.getClass().getName() : trace[0].getClassName();
        return error.getMessage() != null && startsWithOneOf(OURS, thrower);
    }

    private static Optional<StackTraceElement> authorsLine(Throwable error) {
        return Stream.of(error.getStackTrace())
                .filter(frame -> !startsWithOneOf(NOT_THE_AUTHORS, frame.getClassName()))
                .findFirst();
    }

    private static Throwable root(Throwable error) {
        Throwable root = error;
        // A chain may be a ring.
        for (int depth = 0; depth < MAX_CAUSES && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean startsWithOneOf(List<String> prefixes, String name) {
        return prefixes.stream().anyMatch(name::startsWith);
    }
}
