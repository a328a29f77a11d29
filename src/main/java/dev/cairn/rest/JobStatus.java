package dev.cairn.rest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import jakarta.enterprise.context.ApplicationScoped;

import dev.cairn.fleet.PeerAnswer;
import dev.cairn.fleet.PeerSurvey;
import dev.cairn.fleet.Peers;
import dev.cairn.settings.Settings;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.PartitionState;

/** The job as all of its workers together show it. */
@ApplicationScoped
class JobStatus {

    private final ThisWorker self;
    private final Peers peers;
    private final PeerSurvey<WorkerView> others;
    private final JobJudgements judgements = new JobJudgements(System::nanoTime);

    JobStatus(ThisWorker self, Peers peers) {
        this.self = self;
        this.peers = peers;
        this.others = peers.survey("/worker", answer -> CairnJson.readAnswer(answer, WorkerView.class));
    }

    /** Every worker, this one included, with its partitions. What others say may be some seconds old. */
    CompletionStage<List<WorkerView>> workers() {
        WorkerView own = self.view();
        return others.answers().thenApply(answers -> workers(own, answers));
    }

    private List<WorkerView> workers(WorkerView own, Map<String, PeerAnswer<WorkerView>> answers) {
        Map<String, List<Integer>> lastOwned = lastOwned();
        List<WorkerView> workers = new ArrayList<>();
        peers.all().forEach((instance, peer) -> {
            String address = Objects.toString(peer.address(), null);
            workers.add(
                    instance.equals(own.instance())
                            ? own.at(address, true)
                            : other(
                                    instance,
                                    address,
                                    answers.get(instance),
                                    lastOwned.getOrDefault(instance, List.of())));
        });
        return workers.isEmpty() ? List.of(own) : workers;
    }

    private static WorkerView other(
            String instance, String address, PeerAnswer<WorkerView> answer, List<Integer> lastOwned) {
        if (answer == null) {
            return WorkerView.unreachable(instance, address, lastOwned, "has not been asked yet");
        }
        return answer.value()
                .filter(view -> instance.equals(view.instance()))
                .map(view -> view.at(address, false))
                .orElseGet(() -> WorkerView.unreachable(
                        instance,
                        address,
                        lastOwned,
                        answer.failure().isEmpty() ? "answers for another" : answer.failure()));
    }

    /** The partitions that the group last gave to each worker, by their instances. */
    private Map<String, List<Integer>> lastOwned() {
        GroupDirectory directory = self.worker().directory();
        Map<String, List<Integer>> owned = new HashMap<>();
        for (int partition = 0; partition < directory.partitions(); partition++) {
            int number = partition;
            directory.owner(partition).ifPresent(owner -> owned.computeIfAbsent(
                            owner.instance(), added -> new ArrayList<>())
                    .add(number));
        }
        return owned;
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
        Judgement judgement =
                judgements.judge(workers, self.worker().directory().partitions());
        return new JobView(
                settings.job().name(),
                judgement.state(),
                judgement.reasons().stream().map(ReasonView::of).toList(),
                judgement.unknown(),
                !reachable.isEmpty() && reachable.stream().allMatch(WorkerView::isPaused),
                startTime,
                Math.max(0, now - startTime),
                now,
                self.worker().status().identity().version(),
                settings.job().processor(),
                settings.checkpoints().mode(),
                settings.checkpoints().interval().toMillis(),
                settings.job().inputTopics(),
                settings.job().outputTopic().orElse(null),
                reachable.stream().mapToLong(WorkerView::records).sum(),
                reachable.stream().mapToDouble(WorkerView::recordsPerSecond).sum(),
                lag(workers),
                partitions,
                control);
    }

    /** Null where that of one worker is not known. */
    private static Long lag(List<WorkerView> workers) {
        return workers.stream().allMatch(worker -> worker.reachable() && worker.lag() != null)
                ? workers.stream().mapToLong(WorkerView::lag).sum()
                : null;
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
