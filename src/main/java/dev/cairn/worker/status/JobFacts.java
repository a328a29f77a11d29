package dev.cairn.worker.status;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a job: what its judgement is made of.
 *
 * @param workers every worker of the group, those included that do not answer
 * @param uncovered partitions that no worker that answers reports, and for how long; empty while the number of partitions is
 *     not known
 */
public record JobFacts(List<WorkerReport> workers, Optional<Map<Integer, Duration>> uncovered) {

    /**
     * A worker of the job.
     *
     * @param instance its name
     * @param judgement its own; empty where it does not answer
     * @param partitions those that it reports; of one that does not answer, those that the group last gave it
     * @param absence what it does instead of answering, a clause that follows its name
     */
    public record WorkerReport(
            String instance, Optional<Judgement> judgement, Set<Integer> partitions, String absence) {

        /** One that answers, or of which no more is known than that it does not. */
        public WorkerReport(String instance, Optional<Judgement> judgement, Set<Integer> partitions) {
            this(instance, judgement, partitions, "does not answer");
        }
    }
}
