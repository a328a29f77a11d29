package dev.cairn.checkpoint;

/** Paths of a partition's objects, relative to its directory: see {@link CheckpointStore}. */
final class CheckpointPaths {

    static final String METADATA = "_metadata";
    static final String BASE_PREFIX = "base-";
    private static final String COMMITTED = "_committed";

    private CheckpointPaths() {}

    static String metadataPath(long number) {
        return "chk-" + number + "/" + METADATA;
    }

    static String markerPath(long number) {
        return "chk-" + number + "/" + COMMITTED;
    }

    /** Whether an object that checkpoints may share is a base's description, or a file that was uploaded for one. */
    static boolean isPartOfBase(String path) {
        return path.startsWith("shared/" + BASE_PREFIX);
    }
}
