package dev.cairn.checkpoint.format;

/** Paths of a partition's objects, relative to its directory: see {@link dev.cairn.checkpoint.store.CheckpointStore}. */
public final class CheckpointPaths {

    public static final String METADATA = "_metadata";
    public static final String BASE_PREFIX = "base-";
    private static final String COMMITTED = "_committed";

    private CheckpointPaths() {}

    public static String metadataPath(long number) {
        return "chk-" + number + "/" + METADATA;
    }

    public static String markerPath(long number) {
        return "chk-" + number + "/" + COMMITTED;
    }

    /** Whether an object that checkpoints may share is a base's description, or a file that was uploaded for one. */
    public static boolean isPartOfBase(String path) {
        return path.startsWith("shared/" + BASE_PREFIX);
    }
}
