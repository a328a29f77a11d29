package dev.cairn.storage;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which keys name objects; the same for every store, so that checkpoints can move from one to another. */
final class ObjectKeys {

    /** A first segment that stores keep for themselves. */
    static final String RESERVED = ".tmp";

    private ObjectKeys() {}

    /**
     * The key itself, when it is one.
     *
     * @throws IllegalArgumentException naming the key and what is wrong with it
     */
    static String require(String key) {
        fault(key).ifPresent(fault -> {
            throw new IllegalArgumentException("'" + key + "' is not the key of an object: " + fault);
        });
        return key;
    }

    /** Of names that were found in a directory, or at the root ({@code ""}), those that a key can have there; sorted. */
    static List<String> namesIn(String directory, Stream<String> found) {
        String start = directory.isEmpty() ? "" : directory + "/";
        return found.filter(name -> fault(start + name).isEmpty()).sorted().toList();
    }

    private static Optional<String> fault(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '\\' || Character.isISOControl(c)) {
                return Optional.of("it contains a backslash or a control character");
            }
        }
        String[] segments = key.split("/", -1);
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of("it is absolute or has an empty, '.' or '..' segment");
            }
        }
        return segments[0].equals(RESERVED)
                ? Optional.of("'" + RESERVED + "' is reserved for the store")
                : Optional.empty();
    }
}
