package dev.cairn.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.eclipse.microprofile.config.ConfigProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.S3Settings;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreOptions;

/**
 * A directory of checkpoints, or one in it.
 *
 * @param location as {@link ObjectStores#open} takes it, without a slash at its end; a local one is an absolute path
 * @param local the path of a local one
 */
record CheckpointsDirectory(String location, Optional<Path> local) {

    private static final Duration RETRY_LIMIT = Duration.ofSeconds(20);

    // A scheme has two letters at least: C: is a drive.
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
    private static final Pattern FILE = Pattern.compile("(?i)file:(//(?=/))?");

    static CheckpointsDirectory of(String text) {
        String path = FILE.matcher(text).lookingAt() ? FILE.matcher(text).replaceFirst("") : text;
        if (SCHEME.matcher(path).matches() || path.isBlank()) {
            return new CheckpointsDirectory(path.replaceFirst("/+$", ""), Optional.empty());
        }
        try {
            Path absolute = Path.of(path).toAbsolutePath().normalize();
            return new CheckpointsDirectory(absolute.toString(), Optional.of(absolute));
        } catch (InvalidPathException e) {
            throw new CommandException("'" + text + "' is not a path: " + Clause.of(e) + ". Correct it", e);
        }
    }

    /** Opens it, to look at. @throws CommandException when it is not there, or cannot be opened */
    ObjectStore open() {
        return opened(() -> {
            ObjectStore store = ObjectStores.openToRead(location, CheckpointsDirectory::s3);
            return local.isPresent() ? store : new RetryingObjectStore(store, RETRY_LIMIT);
        });
    }

    /** Opens it, to change what is there. @throws CommandException when it is not there, or cannot be written */
    ObjectStore openToChange() {
        open().close();
        return openToWrite();
    }

    /**
     * Opens it, to write as the worker does; one that is not there is created.
     *
     * @throws CommandException when it cannot be written, or the settings of S3 cannot be used
     */
    ObjectStore openToWrite() {
        StoreOptions options = options();
        return opened(() -> new RetryingObjectStore(
                ObjectStores.openForCheckpoints(location, CheckpointsDirectory::s3, options), RETRY_LIMIT));
    }

    private static S3Client s3() {
        return S3Clients.of(ConfigProvider.getConfig());
    }

    private static StoreOptions options() {
        S3Settings s3 = CommandConfig.read("of the settings ", S3Settings::of);
        return new StoreOptions(
                StoreOptions.DEFAULT.writeBufferBytes(), s3.partSize().bytes(), s3.encryption(), s3.kmsKey());
    }

    /** Does what a directory in the settings or in an option may be unfit for. */
    static <T> T opened(Supplier<T> opening) {
        try {
            return opening.get();
        } catch (StorageException | IllegalArgumentException | SdkException e) {
            throw new CommandException(
                    Clause.of(e) + ". Correct the path, --dir or " + SettingNames.CHECKPOINTS_DIR, e);
        }
    }
}
