package dev.cairn.worker;

import java.util.Optional;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.settings.DurationText;
import dev.cairn.settings.Settings;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.loop.ClientConfigs;
import dev.cairn.worker.loop.LoopEnvironment;
import dev.cairn.worker.loop.LoopFactory;
import dev.cairn.worker.loop.MemoryBudget;
import dev.cairn.worker.loop.ProcessMemory;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.start.StartPath;
import dev.cairn.worker.status.WorkerListener;

/** Checks what can be checked before a worker runs, and opens what its loops share. */
record WorkerStart(
        Settings settings,
        ProcessorFactory processors,
        Function<String, ObjectStore> stores,
        CheckpointObserver observer,
        String version,
        WorkerListener listener,
        WorkerSurroundings around) {

    private static final Logger LOG = Logger.getLogger(WorkerStart.class);

    /**
     * What the loops share.
     *
     * @param factory makes them
     * @param kafka how they talk to Kafka
     * @param rocks what their databases share
     * @param memory what each of them may use
     */
    record Opened(LoopFactory factory, WorkerClients kafka, RocksResources rocks, MemoryBudget memory) {}

    /** @throws dev.cairn.worker.status.StopWorkerException when the worker cannot start, with every reason */
    Opened open() {
        MemoryBudget memory = MemoryBudget.of(
                Runtime.getRuntime().maxMemory(),
                ProcessMemory.find(),
                settings.job().threads(),
                settings.local());
        around.open();
        LocalRoots.check(settings.local().rootDirs());
        WorkerCheckpoints checkpoints = new WorkerCheckpoints(settings, around.resources());
        WorkerClients kafka = WorkerClients.open(settings, around, new ClientConfigs(settings, memory));
        RocksResources rocks = checkpoints.rocks(memory.blockCacheBytes());
        Optional<JobEnd> jobEnd = around.store().jobEnd();
        ObjectStore objects = around.store().objects();
        WorkerThreads threads = WorkerThreads.open(settings.job().threads(), around.resources());
        Checkpointing checkpointing =
                checkpoints.checkpointing(version, kafka.checks().clusterId(), objects, rocks, observer, threads);
        StartPath startPath = checkpoints.startPath(checkpointing, stores);
        jobEnd.ifPresent(found -> WorkerCheckpoints.requireStartedAgain(found, startPath, checkpointing));
        LoopEnvironment environment = new LoopEnvironment(
                settings,
                processors,
                kafka.ofLoops(around),
                memory,
                checkpointing,
                new PartitionStarter(settings, checkpointing, startPath, kafka.facts(checkpointing)),
                threads.ofLoops(objects, around.resources()),
                new EventThread(listener, around.resources().threads("cairn-events", 1)));
        return new Opened(new LoopFactory(environment), kafka, rocks, memory);
    }

    /** Says what the worker runs with. */
    void report(Opened opened) {
        LOG.infof(
                "job %s: memory: %s",
                settings.job().name(),
                opened.memory()
                        .describe(
                                Runtime.getRuntime().maxMemory(), settings.job().threads()));
        LOG.infof(
                "job %s: threads %s, input %s, instance %s, %s, checkpoints every %s to %s",
                settings.job().name(),
                settings.job().threads(),
                settings.job().inputTopics(),
                settings.job().instance(),
                settings.checkpoints().mode(),
                DurationText.of(settings.checkpoints().interval()),
                around.store().objects().location());
    }
}
