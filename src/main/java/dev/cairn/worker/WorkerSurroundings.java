package dev.cairn.worker;

import java.time.Duration;
import java.util.function.Supplier;

import dev.cairn.settings.CheckpointSettings;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectStore;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.loop.BrokerContact;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.KafkaClients;
import dev.cairn.worker.status.WorkerListener;
import dev.cairn.worker.status.WorkerStatus;

/**
 * What a worker has to do with from its beginning to its end, whether its loops run or not.
 *
 * @param store for checkpoints
 * @param contact when Kafka and the store last answered
 * @param end whether the worker is to end
 * @param coverage which partitions no worker has
 * @param clients opens clients of Kafka
 * @param directory who has which partition
 * @param resources what is open
 */
record WorkerSurroundings(
        WorkerStore store,
        Contact contact,
        EndWatch end,
        Coverage coverage,
        KafkaClients clients,
        GroupDirectory directory,
        OpenResources resources)
        implements AutoCloseable {

    static WorkerSurroundings of(
            Settings settings, Supplier<ObjectStore> objects, Loops loops, WorkerListener listener) {
        WorkerStore store =
                new WorkerStore(settings.checkpoints().dir(), settings.job().name(), objects);
        Contact contact = new Contact(store, loops, new BrokerContact());
        return new WorkerSurroundings(
                store,
                contact,
                new EndWatch(contact::sinceKafka),
                new Coverage(System::nanoTime),
                new KafkaClients(listener),
                new GroupDirectory(
                        settings.job().name(),
                        settings.job().instance(),
                        settings.job().advertisedAddress()),
                new OpenResources());
    }

    /** Begins to open the store, and to look whether Kafka and the store answer. */
    void open() {
        resources.add(store);
        store.open();
        contact.watch(resources.timer("cairn-contact", 1));
    }

    @Override
    public void close() {
        resources.close();
    }

    /** How they are, as of now. */
    WorkerStatus.Surroundings status(CheckpointSettings checkpoints) {
        Duration overdueAfter =
                checkpoints.interval().plus(checkpoints.minPause()).plus(checkpoints.timeout());
        return new WorkerStatus.Surroundings(
                contact.sinceKafka(), store.status(), coverage.missing(), coverage.uncovered(), overdueAfter);
    }
}
