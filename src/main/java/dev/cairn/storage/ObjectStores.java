package dev.cairn.storage;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens object stores by their location. */
public final class ObjectStores {

    private static final Logger LOG = Logger.getLogger(ObjectStores.class);
    private static final long PAUSE_MILLIS = 250;
    private static final Duration PROBING = Duration.ofSeconds(8);

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)", Pattern.DOTALL);

    static final Pattern BUCKET = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/+(.*?))??/*");

    private ObjectStores() {}

    /** Whether a location names a bucket of S3, as in {@code s3://bucket/prefix}. */
    public static boolean isInBucket(String location) {
        return BUCKET.matcher(location).matches();
    }

    /**
     * Opens the store at a location.
     *
     * <p>{@code s3://bucket/prefix} is in S3. {@code file:/absolute}, {@code file:///absolute}, {@code file:relative} and plain paths are a directory, which is
     * created where it is missing. A path is taken as it is written, without percent-decoding; a relative one starts at
     * the working directory.
     *
     * @param s3 asked for a client when the location is in S3; the client outlives the store
     * @param options how objects are written
     * @throws IllegalArgumentException for a location of another kind
     * @throws StorageException when the store cannot be used: names the location, the cause and the way out
     */
    public static ObjectStore open(String location, Supplier<S3Client> s3, StoreOptions options) {
        return inBucket(location, s3, options)
                .<ObjectStore>map(bucket -> bucket)
                .orElseGet(() -> FileObjectStore.open(directory(location), options));
    }

    /**
     * As {@link #open(String, Supplier, StoreOptions)}, and tries whether checkpoints can be written there: that the bucket exists, that
     * the credentials suffice, and that of two writers who create the same key one is refused.
     */
    public static ObjectStore openForCheckpoints(String location, Supplier<S3Client> s3, StoreOptions options) {
        ObjectStore store = open(location, s3, options);
        try {
            if (store instanceof S3ObjectStore bucket) {
                probe(bucket);
            }
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** A store may fail now and then; one that does not answer at all takes too long for a second attempt. */
    private static void probe(S3ObjectStore bucket) {
        long began = System.nanoTime();
        while (true) {
            try {
                bucket.probe();
                return;
            } catch (StorageException e) {
                boolean mayPass = e.getCause() instanceof SdkException && !e.isPermanent();
                if (!mayPass || System.nanoTime() - began > PROBING.toNanos() || !pause()) {
                    throw e;
                }
                LOG.debugf("the store is asked once more: %s", e.getMessage());
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * As {@link #open(String, Supplier, StoreOptions)}, to look at what is there: nothing is created, and whatever would change an object
     * is an {@link UnsupportedOperationException}.
     *
     * @throws StorageException also when a directory is not there
     */
    public static ObjectStore openToRead(String location, Supplier<S3Client> s3) {
        return inBucket(location, s3, StoreOptions.DEFAULT)
                .<ObjectStore>map(ReadOnlyObjectStore::new)
                .orElseGet(() -> FileObjectStore.openToRead(directory(location)));
    }

    private static Optional<S3ObjectStore> inBucket(String location, Supplier<S3Client> s3, StoreOptions options) {
        Matcher bucket = BUCKET.matcher(location);
        if (!bucket.matches()) {
            return Optional.empty();
        }
        String prefix = Objects.requireNonNullElse(bucket.group(2), "");
        return Optional.of(new S3ObjectStore(new OneAttemptS3(s3.get()), bucket.group(1), prefix, options));
    }

    /** Opens the store at a location that is not in S3. */
    public static ObjectStore open(String location) {
        return FileObjectStore.open(directory(location), StoreOptions.DEFAULT);
    }

    static Path directory(String location) {
        Matcher matcher = SCHEME.matcher(location);
        if (!matcher.matches()) {
            return path(location, location);
        }
        if (!matcher.group(1).equalsIgnoreCase("file")) {
            throw unsupported(location, "there is no store for '" + matcher.group(1) + ":'");
        }
        String path = matcher.group(2);
        if (!path.startsWith("//")) {
            return path(location, path);
        }
        if (!path.startsWith("///")) {
            throw unsupported(location, "a file: location names no host");
        }
        return path(location, path.substring(2));
    }

    private static Path path(String location, String path) {
        if (path.isBlank()) {
            throw unsupported(location, "it has no path");
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw unsupported(location, e.getMessage());
        }
    }

    private static IllegalArgumentException unsupported(String location, String why) {
        return new IllegalArgumentException("cannot store objects at '" + location + "': " + why
                + "; supported are s3://bucket/prefix, file:/absolute/path, file:relative/path and plain paths");
    }
}
