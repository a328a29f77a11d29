package dev.cairn.checkpoint.format;

import java.util.List;
import java.util.Map;

/**
 * How to build the database of a base.
 *
 * @param formatVersion 1
 * @param checkpoint unique id of the checkpoint it holds
 * @param files the sorted files by the names that the MANIFEST knows
 * @param manifest the files that describe the database (MANIFEST, CURRENT, OPTIONS) by name, in Base64
 */
public record BaseDescription(int formatVersion, String checkpoint, List<File> files, Map<String, String> manifest) {

    public static final int FORMAT_VERSION = 1;

    public BaseDescription {
        files = List.copyOf(files);
        manifest = Map.copyOf(manifest);
    }

    /** A sorted file of the base. */
    public record File(String name, ObjectRef object) {

        /** @throws IllegalArgumentException when the name is more than a file's name */
        public File {
            if (!name.matches("[0-9]+\\.sst")) {
                throw new IllegalArgumentException("'" + name + "' is not the name of a sorted file");
            }
        }
    }
}
