package dev.cairn.job;

import java.time.Duration;
import java.util.function.Supplier;

import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreOptions;

/**
 * Opens the stores of a job as its workers do.
 *
 * @param settings of the worker
 * @param s3 asked for a client when a store is in S3; the client outlives it
 */
public record JobStores(Settings settings, Supplier<S3Client> s3) {

    private static final Duration RETRY_LIMIT = Duration.ofSeconds(30);

    /** How objects are written. */
    public static StoreOptions options(Settings settings) {
        long writeBufferBytes = Math.max(
                settings.checkpoints().writeBuffer().bytes(),
                settings.checkpoints().inlineThreshold().bytes());
        return new StoreOptions(
                Math.toIntExact(writeBufferBytes),
                settings.s3().partSize().bytes(),
                settings.s3().encryption(),
                settings.s3().kmsKey());
    }

    /** The job's checkpoints. @throws JobException when they cannot be opened */
    public ObjectStore checkpoints() {
        String location = settings.checkpoints().dir();
        try {
            return retrying(ObjectStores.open(location, s3, options(settings)));
        } catch (StorageException | IllegalArgumentException e) {
            throw new JobException(SettingNames.CHECKPOINTS_DIR + "=" + location + ": " + e.getMessage(), e);
        }
    }

    /** Where savepoints are made; created where it is missing. @throws JobException when it cannot be written */
    public ObjectStore savepoints(String location) {
        try {
            return retrying(ObjectStores.openForCheckpoints(location, s3, options(settings)));
        } catch (StorageException | IllegalArgumentException e) {
            throw new JobException(
                    "no savepoint can be made in " + location + ": " + Clause.of(e) + ". Name another directory", e);
        }
    }

    private static ObjectStore retrying(ObjectStore objects) {
        return new RetryingObjectStore(objects, RETRY_LIMIT);
    }
}
