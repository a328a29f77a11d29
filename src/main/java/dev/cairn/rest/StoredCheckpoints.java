package dev.cairn.rest;

import java.time.Duration;
import java.util.Optional;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.store.CheckpointDescription;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.FoundCheckpoints;
import dev.cairn.fleet.FleetEvent;
import dev.cairn.fleet.History;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.RetryingObjectStore;
import dev.cairn.worker.status.CheckpointReport.Outcome;

/** The checkpoints of the job in its store. */
@ApplicationScoped
class StoredCheckpoints {

    /** The caller waits. */
    private static final Duration RETRY_LIMIT = Duration.ofSeconds(5);

    private final ThisWorker self;
    private final History history;
    private final Instance<S3Client> s3;
    private ObjectStore objects;

    StoredCheckpoints(ThisWorker self, History history, Instance<S3Client> s3) {
        this.self = self;
        this.history = history;
        this.s3 = s3;
    }

    /** Reads one. Blocks. @throws io.quarkiverse.resteasy.problem.HttpProblem when it cannot be read */
    Optional<StoredCheckpoint> find(int partition, long number) {
        if (partition < 0 || number < 0) {
            return Optional.empty();
        }
        Settings settings = self.worker().settings();
        CheckpointStore store =
                new CheckpointStore(open(settings), settings.job().name(), partition);
        return FoundCheckpoints.newestFirst(store, store.list())
                .filter(found -> found.number() <= number)
                .findFirst()
                .filter(found -> found.number() == number)
                .map(found -> describe(store, found));
    }

    private StoredCheckpoint describe(CheckpointStore store, FoundCheckpoint found) {
        if (found instanceof FoundCheckpoint.Legible legible) {
            return new StoredCheckpoint(
                    legible.isKnownCommitted() || wasSeen(legible)
                            ? StoredCheckpoint.Status.COMPLETED
                            : StoredCheckpoint.Status.UNKNOWN,
                    CheckpointDescription.of(store.location(), legible));
        }
        throw Problems.damaged(((FoundCheckpoint.Damaged) found).cause());
    }

    private boolean wasSeen(FoundCheckpoint.Legible checkpoint) {
        return history.picture(Integer.MAX_VALUE).rows().stream()
                .filter(FleetEvent.CheckpointEnded.class::isInstance)
                .map(row -> ((FleetEvent.CheckpointEnded) row).checkpoint())
                .filter(report -> report.outcome() == Outcome.COMPLETED)
                .flatMap(report -> report.parts().stream())
                .anyMatch(part -> part.uid().equals(checkpoint.metadata().uid()));
    }

    private synchronized ObjectStore open(Settings settings) {
        if (objects == null) {
            objects = new RetryingObjectStore(
                    ObjectStores.openToRead(settings.checkpoints().dir(), s3::get), RETRY_LIMIT);
        }
        return objects;
    }

    @PreDestroy
    synchronized void close() {
        if (objects != null) {
            objects.close();
        }
    }
}
