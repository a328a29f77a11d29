package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;

/** Where a store is, to compare places whatever way they are written. */
public sealed interface StoreLocation {

    /**
     * Reads a location as {@link ObjectStores} does; of a directory, follows its symbolic links as far as it exists.
     *
     * @throws IllegalArgumentException for a location of another kind
     * @throws StorageException when a directory cannot be followed, as by a link to what is not there
     */
    static StoreLocation of(String location) {
        Matcher bucket = ObjectStores.BUCKET.matcher(location);
        return bucket.matches()
                ? new Bucket(bucket.group(1), Bucket.segments(bucket.group(2)))
                : new Directory(Directory.real(ObjectStores.directory(location)));
    }

    /** Whether this is the other place, or below it. */
    boolean isWithin(StoreLocation other);

    /**
     * In S3.
     *
     * @param bucket its name
     * @param segments of the prefix
     */
    record Bucket(String bucket, List<String> segments) implements StoreLocation {

        private static List<String> segments(String prefix) {
            return prefix == null || prefix.isEmpty() ? List.of() : List.of(prefix.split("/", -1));
        }

        @Override
        public boolean isWithin(StoreLocation other) {
            return other instanceof Bucket above
                    && bucket.equals(above.bucket)
                    && segments.size() >= above.segments.size()
                    && segments.subList(0, above.segments.size()).equals(above.segments);
        }
    }

    /**
     * On a file system.
     *
     * @param real the path without symbolic links
     */
    record Directory(Path real) implements StoreLocation {

        private static Path real(Path path) {
            Path exists = path.toAbsolutePath();
            Path whole = exists;
            while (exists.getParent() != null && !Files.exists(exists, LinkOption.NOFOLLOW_LINKS)) {
                exists = exists.getParent();
            }
            try {
                return exists.toRealPath().resolve(exists.relativize(whole)).normalize();
            } catch (IOException e) {
                throw StorageException.failed("follow " + whole, e);
            }
        }

        /** The same directory may go by several names: by letters of another case, or by a mount. */
        @Override
        public boolean isWithin(StoreLocation other) {
            if (!(other instanceof Directory above)) {
                return false;
            }
            for (Path step = real; step != null; step = step.getParent()) {
                if (step.equals(above.real) || isSame(step, above.real)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isSame(Path one, Path other) {
            try {
                return Files.isSameFile(one, other);
            } catch (IOException e) {
                return false;
            }
        }
    }
}
