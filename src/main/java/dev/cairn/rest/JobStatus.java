package dev.cairn.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jboss.logging.Logger;

import dev.cairn.fleet.Peers;
import dev.cairn.settings.Settings;
import dev.cairn.worker.PartitionState;

/** The job as all of its workers together show it. */
@ApplicationScoped
class JobStatus {

    private static final Logger LOG = Logger.getLogger(JobStatus.class);

    private final ThisWorker self;
    private final Peers peers;
    private final ObjectMapper json;

    JobStatus(ThisWorker self, Peers peers, ObjectMapper json) {
        this.self = self;
        this.peers = peers;
        this.json = json;
    }

    /**
     * Every worker, this one included, with its partitions. Blocks, for as long as the slowest of them may take.
     *
     * @param authorization the header of whoever asks, for the others
     */
    List<WorkerView> workers(Optional<String> authorization) {
        WorkerView own = self.view();
        Map<String, JsonNode> answers = peers.ask("/worker", authorization, () -> NullNode.instance);
        List<WorkerView> workers = new ArrayList<>();
        peers.all().forEach((instance, peer) -> {
            String address = Objects.toString(peer.address(), null);
            workers.add(
                    instance.equals(own.instance())
                            ? own.at(address, true)
                            : other(instance, address, answers.get(instance)));
        });
        return workers.isEmpty() ? List.of(own) : workers;
    }

    private WorkerView other(String instance, String address, JsonNode answer) {
        if (answer != null) {
            try {
                return json.treeToValue(answer, WorkerView.class).at(address, false);
            } catch (JsonProcessingException e) {
                LOG.debugf("worker %s answers strangely: %s", instance, e.getOriginalMessage());
            }
        }
        return WorkerView.unreachable(instance, address);
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
