package dev.cairn.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.cairn.worker.status.CheckpointReport;

/**
 * The checkpoints and savepoints of all workers, as far as the events reach back: the newest {@value #MOST_ROWS}, also those
 * from before this worker was started. Thread-safe.
 */
@ApplicationScoped
public class History {

    private static final Logger LOG = Logger.getLogger(History.class);
    private static final int MOST_ROWS = 1_000;

    private final Deque<FleetEvent.Row> rows = new ArrayDeque<>();
    private final List<Consumer<FleetEvent.Row>> listeners = new CopyOnWriteArrayList<>();
    private FleetEvent.CheckpointEnded lastCompleted;
    private FleetEvent.CheckpointEnded lastFailed;
    private FleetEvent.SavepointEnded lastSavepoint;
    private FleetEvent.PartitionRestored lastRestored;
    private long completed;
    private long failed;
    private long restored;

    /**
     * What there has been.
     *
     * @param rows newest first
     * @param completed checkpoints and savepoints, those included that are no row any more
     * @param failed likewise
     * @param restored partitions
     * @param lastCompleted checkpoint, if there has been one
     * @param lastFailed checkpoint
     * @param lastSavepoint that completed
     * @param lastRestored partition
     */
    public record Picture(
            List<FleetEvent.Row> rows,
            long completed,
            long failed,
            long restored,
            Optional<FleetEvent.CheckpointEnded> lastCompleted,
            Optional<FleetEvent.CheckpointEnded> lastFailed,
            Optional<FleetEvent.SavepointEnded> lastSavepoint,
            Optional<FleetEvent.PartitionRestored> lastRestored) {}

    /**
     * As of now.
     *
     * @param limit how many rows it has at most
     */
    public synchronized Picture picture(int limit) {
        return new Picture(
                rows.stream().limit(limit).toList(),
                completed,
                failed,
                restored,
                Optional.ofNullable(lastCompleted),
                Optional.ofNullable(lastFailed),
                Optional.ofNullable(lastSavepoint),
                Optional.ofNullable(lastRestored));
    }

    synchronized int size() {
        return rows.size();
    }

    synchronized long workers() {
        return rows.stream().map(FleetEvent.Row::worker).distinct().count();
    }

    /** Tells of every new row, on the thread that brings it: be quick. @return ends that */
    public AutoCloseable listen(Consumer<FleetEvent.Row> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void add(FleetEvent event) {
        if (event instanceof FleetEvent.PartitionRestored partition) {
            add(partition);
        } else if (event instanceof FleetEvent.Row row) {
            add(row);
            listeners.forEach(listener -> tell(listener, row));
        }
    }

    private synchronized void add(FleetEvent.PartitionRestored partition) {
        restored++;
        lastRestored = partition;
    }

    private synchronized void add(FleetEvent.Row row) {
        if (row instanceof FleetEvent.CheckpointEnded ended) {
            boolean succeeded = ended.checkpoint().outcome() == CheckpointReport.Outcome.COMPLETED;
            count(succeeded);
            if (succeeded) {
                lastCompleted = ended;
            } else {
                lastFailed = ended;
            }
        } else if (row instanceof FleetEvent.SavepointEnded ended) {
            boolean succeeded = ended.failure().isEmpty();
            count(succeeded);
            lastSavepoint = succeeded ? ended : lastSavepoint;
        }
        rows.addFirst(row);
        if (rows.size() > MOST_ROWS) {
            rows.removeLast();
        }
    }

    private void count(boolean succeeded) {
        if (succeeded) {
            completed++;
        } else {
            failed++;
        }
    }

    private static void tell(Consumer<FleetEvent.Row> listener, FleetEvent.Row row) {
        try {
            listener.accept(row);
        } catch (RuntimeException e) {
            LOG.debug("a listener of the history fails", e);
        }
    }
}
