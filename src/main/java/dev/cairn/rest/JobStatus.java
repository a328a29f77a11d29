package dev.cairn.rest;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.settings.Settings;
import dev.cairn.worker.PartitionState;

/** The job as all of its workers together show it. */
@ApplicationScoped
class JobStatus {

    private final ThisWorker self;

    JobStatus(ThisWorker self) {
        this.self = self;
    }

    /** Every worker, this one included, with its partitions. Blocks. */
    List<WorkerView> workers() {
        return List.of(self.view());
    }

    /** The job, as these workers show it. */
    JobView job(List<WorkerView> workers, Control control) {
        Settings settings = self.worker().settings();
        List<WorkerView> reachable =
                workers.stream().filter(WorkerView::reachable).toList();
        long now = System.currentTimeMillis();
        long startTime =
                reachable.stream().mapToLong(WorkerView::startTime).min().orElse(now);
        Map<PartitionState, Long> partitions = new EnumMap<>(PartitionState.class);
        List.of(PartitionState.RUNNING, PartitionState.RESTORING, PartitionState.PARKED)
                .forEach(state -> partitions.put(state, 0L));
        partitions(workers).forEach(partition -> partitions.merge(partition.state(), 1L, Long::sum));
        return new JobView(
                settings.job().name(),
                ShownState.ofAll(reachable.stream().map(WorkerView::state).toList()),
                startTime,
                Math.max(0, now - startTime),
                now,
                self.worker().status().version(),
                settings.job().processor(),
                settings.checkpoints().mode(),
                settings.checkpoints().interval().toMillis(),
                settings.job().inputTopics(),
                settings.job().outputTopic().orElse(null),
                reachable.stream().mapToLong(WorkerView::records).sum(),
                reachable.stream().mapToDouble(WorkerView::recordsPerSecond).sum(),
                reachable.stream().mapToLong(WorkerView::lag).sum(),
                partitions,
                control);
    }

    /** All partitions of these workers. */
    static List<PartitionView> partitions(List<WorkerView> workers) {
        return workers.stream()
                .filter(worker -> worker.partitionDetails() != null)
                .flatMap(worker -> worker.partitionDetails().stream())
                .sorted(Comparator.comparing(PartitionView::partition))
                .toList();
    }
}
