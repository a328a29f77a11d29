package dev.cairn.worker;

import java.time.Duration;
import jakarta.enterprise.inject.Instance;

import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.job.JobStores;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.ClaimMode;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.ObservedObjectStore;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.storage.StorageException;
import dev.cairn.storage.StoreListener;
import dev.cairn.storage.StoreOptions;
import dev.cairn.worker.status.StopWorkerException;

/**
 * Opens the stores of a worker. Thread-safe.
 *
 * @param s3 makes the client, where one is needed
 * @param listeners watch the requests
 */
record LifecycleStores(Instance<S3Client> s3, Instance<StoreListener> listeners) {

    /** A path that is mistyped is reported soon; what fails later is tried again with its partition. */
    private static final Duration ELSEWHERE_LIMIT = Duration.ofSeconds(10);

    /** The store for checkpoints, which tries again for as long as a checkpoint may take. */
    ObjectStore retrying(Settings settings) {
        Duration limit = settings.checkpoints().timeout();
        return new RetryingObjectStore(
                observed(open(settings)), limit, SettingNames.TIMEOUT + "=" + DurationText.of(limit));
    }

    /** The store at another location, for what the job is started from. */
    ObjectStore retryingElsewhere(String location, Settings settings) {
        return new RetryingObjectStore(observed(openElsewhere(location, settings)), ELSEWHERE_LIMIT);
    }

    private ObjectStore observed(ObjectStore store) {
        return new ObservedObjectStore(store, listeners.isResolvable() ? listeners.get() : StoreListener.NONE);
    }

    /** What is not claimed is not ours to write to. */
    private ObjectStore openElsewhere(String location, Settings settings) {
        ObjectStore toRead = ObjectStores.openToRead(location, s3::get);
        if (settings.recovery().claimMode() == ClaimMode.NO_CLAIM) {
            return toRead;
        }
        toRead.close();
        return ObjectStores.open(location, s3::get, StoreOptions.DEFAULT);
    }

    /** The store for checkpoints. @throws StopWorkerException when it cannot be opened */
    ObjectStore open(Settings settings) {
        String location = settings.checkpoints().dir();
        try {
            return ObjectStores.openForCheckpoints(location, s3::get, JobStores.options(settings));
        } catch (StorageException | IllegalArgumentException e) {
            throw new StopWorkerException(SettingNames.CHECKPOINTS_DIR + "=" + location + ": " + e.getMessage(), e);
        }
    }
}
