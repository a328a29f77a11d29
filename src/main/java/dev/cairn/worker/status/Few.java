package dev.cairn.worker.status;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists for people: three of many, and how many more there are. */
public final class Few {

    /** So many are named. */
    static final int NAMED = 3;

    private Few() {}

    /** In one line, in this order. */
    public static String of(Collection<?> all) {
        int more = all.size() - NAMED;
        Stream<String> named = all.stream().limit(NAMED).map(String::valueOf);
        return (more <= 0 ? named : Stream.concat(named, List.of("and " + more + " more").stream()))
                .collect(Collectors.joining(", "));
    }
}
