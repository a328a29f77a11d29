package dev.cairn.worker;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.StoreStatus;

/** The store for a worker's checkpoints. It opens in parallel with the rest of a start. Thread-safe. */
final class WorkerStore implements AutoCloseable {

    private final String location;
    private final String job;
    private final Supplier<ObjectStore> store;
    private volatile StartWait.Asked<Optional<JobEnd>> asked;
    private volatile ObjectStore objects;
    private boolean closed;

    /** @param location for messages */
    WorkerStore(String location, String job, Supplier<ObjectStore> store) {
        this.location = location;
        this.job = job;
        this.store = store;
    }

    /** Opens it on another thread, and asks it whether the job has ended. */
    void open() {
        asked = StartWait.ask("the store at " + location, () -> {
            keep(store.get());
            return JobEnd.read(objects(), job);
        });
    }

    /** A start that is given up meanwhile leaves no one else to close it. */
    private synchronized void keep(ObjectStore opened) {
        if (closed) {
            opened.close();
            throw new CancellationException("the start was given up");
        }
        objects = opened;
    }

    /** Waits until it is open. @return the job's end, if it has ended */
    Optional<JobEnd> jobEnd() {
        return asked.answer();
    }

    /** The open store. */
    ObjectStore objects() {
        return objects;
    }

    StoreStatus status() {
        ObjectStore opened = objects;
        return opened == null ? StoreStatus.UNKNOWN : opened.status();
    }

    @Override
    public synchronized void close() {
        closed = true;
        asked.giveUp();
        if (objects != null) {
            objects.close();
        }
    }
}
