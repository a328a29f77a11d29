package dev.cairn.checkpoint.format;

/**
 * An object that a checkpoint needs.
 *
 * @param path relative to the partition's directory, so that directories can be copied and moved
 * @param size in bytes
 * @param crc32c CRC-32C of the content, eight hexadecimal digits
 */
public record ObjectRef(String path, long size, String crc32c) {

    /** @throws IllegalArgumentException when the path leads out of the partition's directory */
    public ObjectRef {
        if (path == null || path.startsWith("/") || path.contains("..") || path.contains("\\")) {
            throw new IllegalArgumentException("the path '" + path + "' leads out of the partition's directory");
        }
    }
}
