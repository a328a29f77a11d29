package dev.cairn.worker.status;

import java.util.ArrayList;
import java.util.List;

/** Judges a job from outside, where its workers are not asked. A pure function. */
public final class GroupJudge {

    /** What its workers would say. */
    public static final String WORKERS = "what the workers say of themselves";

    private GroupJudge() {}

    /**
     * How this job is doing, as far as its group and its store tell. Where Kafka was not asked, RUNNING says only that nothing
     * speaks against it; {@link Judgement#unknown} names {@link #WORKERS}.
     */
    public static Judgement judge(GroupFacts facts) {
        List<Reason> reasons = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        facts.stuck()
                .forEach((partition, cause) -> reasons.add(new Reason(
                        facts.stuck().size() == facts.partitions() ? Finding.ALL_PARKED : Finding.PARTITION_PARKED,
                        "partition-" + partition,
                        "partition " + partition + " cannot continue: " + cause)));
        boolean stopped = facts.members().filter(count -> count == 0).isPresent();
        if (stopped) {
            reasons.add(new Reason(Finding.NO_WORKER, "group", "no worker runs the job: its group has no member"));
        } else if (facts.uncovered().isPresent()) {
            facts.uncovered()
                    .get()
                    .forEach(input ->
                            reasons.add(new Reason(Finding.PARTITION_WITHOUT_OWNER, input, "no worker has " + input)));
        } else {
            unknown.add(Judgement.OWNERS);
        }
        if (!facts.lagKnown()) {
            unknown.add(Judgement.LAG);
        }
        if (!stopped) {
            unknown.add(WORKERS);
        }
        return Judgement.of(reasons, unknown);
    }
}
