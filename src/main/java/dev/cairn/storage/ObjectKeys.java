package dev.cairn.storage;

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
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '\\' || Character.isISOControl(c)) {
                throw invalid(key, "it contains a backslash or a control character");
            }
        }
        String[] segments = key.split("/", -1);
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw invalid(key, "it is absolute or has an empty, '.' or '..' segment");
            }
        }
        if (segments[0].equals(RESERVED)) {
            throw invalid(key, "'" + RESERVED + "' is reserved for the store");
        }
        return key;
    }

    private static IllegalArgumentException invalid(String key, String why) {
        return new IllegalArgumentException("'" + key + "' is not the key of an object: " + why);
    }
}
