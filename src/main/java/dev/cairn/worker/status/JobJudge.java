package dev.cairn.worker.status;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.cairn.worker.status.JobFacts.WorkerReport;

/** Judges a job by the judgements of its workers, and by what none of them has. A pure function. */
public final class JobJudge {

    private final JobFacts facts;
    private final List<Reason> reasons = new ArrayList<>();
    private final Set<String> unknown = new LinkedHashSet<>();

    private JobJudge(JobFacts facts) {
        this.facts = facts;
    }

    /** How this job is doing. */
    public static Judgement judge(JobFacts facts) {
        return new JobJudge(facts).judge();
    }

    private Judgement judge() {
        JobState state = stateOfWorkers();
        facts.workers().forEach(this::worker);
        uncovered();
        Judgement found = Judgement.of(reasons, List.copyOf(unknown));
        JobState ofTheJob = reasons.stream()
                .filter(reason -> reason.finding().check() == Finding.Check.GROUP)
                .map(reason -> reason.finding().state())
                .reduce(state, JobState::worse);
        return new Judgement(ofTheJob, found.reasons(), found.unknown());
    }

    private void worker(WorkerReport worker) {
        worker.judgement()
                .ifPresentOrElse(
                        judgement -> {
                            judgement
                                    .reasons()
                                    .forEach(reason -> add(
                                            reason.finding(),
                                            reason.subject(),
                                            worker.instance() + ": " + reason.text()));
                            unknown.addAll(judgement.unknown());
                        },
                        () -> {
                            unknown.add(Judgement.LAG);
                            add(
                                    Finding.WORKER_AWAY,
                                    worker.instance(),
                                    worker.instance() + " " + worker.absence()
                                            + (worker.partitions().isEmpty()
                                                    ? ""
                                                    : "; the group last gave it "
                                                            + (worker.partitions()
                                                                                    .size()
                                                                            == 1
                                                                    ? "partition "
                                                                    : "partitions ")
                                                            + numbers(worker.partitions())));
                        });
    }

    /**
     * What all workers that have partitions agree on. Where some are worse off than others, the job is degraded; where they
     * are all well, it is as far as the one that is furthest behind.
     */
    private JobState stateOfWorkers() {
        List<WorkerReport> answering = facts.workers().stream()
                .filter(worker -> worker.judgement().isPresent())
                .toList();
        List<WorkerReport> busy = answering.stream()
                .filter(worker -> !worker.partitions().isEmpty())
                .toList();
        Set<JobState> states = (busy.isEmpty() ? answering : busy)
                .stream()
                        .map(worker -> worker.judgement().orElseThrow().state())
                        .collect(Collectors.toSet());
        if (states.size() == 1) {
            return states.iterator().next();
        }
        if (states.stream().anyMatch(JobState::isBad)) {
            return JobState.DEGRADED;
        }
        if (states.contains(JobState.RESTORING)) {
            return JobState.RESTORING;
        }
        return states.contains(JobState.RUNNING)
                ? JobState.RUNNING
                : states.stream().reduce(JobState::worse).orElse(JobState.STARTING);
    }

    private void uncovered() {
        if (facts.uncovered().isEmpty()) {
            unknown.add(Judgement.OWNERS);
            return;
        }
        if (stateOfWorkers() != JobState.UNREACHABLE) {
            // Each worker asks by itself; together they know.
            unknown.remove(Judgement.OWNERS);
        }
        Map<Integer, Duration> rest = new TreeMap<>(facts.uncovered().get());
        rest.keySet().removeAll(ofAbsentWorkers());
        rest.forEach((partition, since) -> {
            boolean forLong = since.compareTo(WorkerJudge.UNCOVERED_LIMIT) > 0;
            add(
                    forLong ? Finding.PARTITION_WITHOUT_OWNER : Finding.PARTITION_MOVING,
                    "partition-" + partition,
                    forLong
                            ? "no worker has had partition " + partition + " for " + since.toSeconds() + " s"
                            : "partition " + partition + " is moving: no worker has it at the moment");
        });
    }

    /** They are named with their worker. */
    private Set<Integer> ofAbsentWorkers() {
        Set<Integer> partitions = new HashSet<>();
        facts.workers().stream()
                .filter(worker -> worker.judgement().isEmpty())
                .forEach(worker -> partitions.addAll(worker.partitions()));
        return partitions;
    }

    private void add(Finding finding, String subject, String text) {
        reasons.add(new Reason(finding, subject, text));
    }

    private static String numbers(Set<Integer> partitions) {
        return Few.of(partitions.stream().sorted().toList());
    }
}
