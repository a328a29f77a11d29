package dev.cairn.worker;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.BaseTurns;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointOptions;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.settings.Settings;
import dev.cairn.state.RocksLibrary;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.start.JobEndedException;
import dev.cairn.worker.start.StartPath;

/** Opens what the partitions of a worker share for their checkpoints: RocksDB, threads, the path to start from. */
final class WorkerCheckpoints {

    private static final Logger LOG = Logger.getLogger(WorkerCheckpoints.class);

    private final Settings settings;
    private final OpenResources resources;
    private final CompletableFuture<Void> library;

    /** Begins to load RocksDB, which takes a moment. */
    WorkerCheckpoints(Settings settings, OpenResources resources) {
        this.settings = settings;
        this.resources = resources;
        this.library = CompletableFuture.runAsync(() -> RocksLibrary.load(settings.local()
                .rootDirs()
                .get(0)
                .resolve(settings.job().name())
                .resolve(settings.job().instance())
                .resolve("native")
                .toAbsolutePath()));
    }

    /** What the databases share. */
    RocksResources rocks(long blockCacheBytes) {
        library.join();
        return resources.add(new RocksResources(blockCacheBytes));
    }

    Checkpointing checkpointing(
            String version,
            String clusterId,
            ObjectStore objects,
            RocksResources rocks,
            CheckpointObserver observer,
            WorkerThreads threads) {
        return new Checkpointing(
                new Checkpointing.Owner(settings.job().name(), settings.job().instance(), version, clusterId),
                objects,
                new Checkpointing.Disk(
                        settings.local().rootDirs(), settings.local().recovery(), rocks),
                new CheckpointOptions(
                        settings.checkpoints().incremental(),
                        settings.checkpoints().inlineThreshold().bytes(),
                        settings.checkpoints().retained()),
                observer,
                threads.downloads(),
                new BaseTurns(WorkerThreads.BASES_AT_ONCE));
    }

    /** @param stores opens the store at a location; what it opens is closed with the worker */
    StartPath startPath(Checkpointing checkpointing, Function<String, ObjectStore> stores) {
        return settings.recovery()
                .path()
                .map(path -> StartPath.open(
                        path,
                        settings.recovery().again().orElse(null),
                        settings.recovery().claimMode(),
                        location -> resources.add(stores.apply(location)),
                        checkpointing))
                .orElse(StartPath.NONE);
    }

    /**
     * A job that was stopped to be started from its savepoint is started by starting it from there.
     *
     * @throws JobEndedException when the job has ended, and is not started again
     */
    static void requireStartedAgain(JobEnd jobEnd, StartPath startPath, Checkpointing checkpointing) {
        String job = checkpointing.job();
        if (jobEnd.kind() != JobEnd.Kind.STOPPED || !startPath.isNew(checkpointing)) {
            throw new JobEndedException(job, jobEnd);
        }
        JobEnd.delete(checkpointing.objects(), job);
        LOG.infof("job %s was stopped at %s, and is started from %s", job, jobEnd.at(), startPath);
    }
}
