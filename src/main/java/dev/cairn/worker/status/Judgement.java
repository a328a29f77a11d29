package dev.cairn.worker.status;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a worker or a job is doing.
 *
 * @param state the worst state that a reason names; RUNNING without any
 * @param reasons everything found, the worst first
 * @param unknown what cannot be told now, such as {@code lag}
 */
public record Judgement(JobState state, List<Reason> reasons, List<String> unknown) {

    /** What cannot be told while Kafka does not answer, while partitions restore, and so on. */
    public static final String LAG = "lag";

    /** What cannot be told before the group has answered. */
    public static final String OWNERS = "partitions without an owner";

    public Judgement {
        reasons = List.copyOf(reasons);
        unknown = List.copyOf(unknown);
    }

    static Judgement of(Collection<Reason> found, List<String> unknown) {
        List<Reason> reasons = found.stream()
                .sorted((one, other) ->
                        other.finding().state().compareTo(one.finding().state()))
                .toList();
        JobState state =
                reasons.isEmpty() ? JobState.RUNNING : reasons.get(0).finding().state();
        return new Judgement(state, reasons, unknown);
    }

    /** Whether a restart cannot help: false tells the platform to restart the worker. */
    public boolean isLive() {
        return reasons.stream().noneMatch(reason -> reason.finding().probe() == Finding.Probe.LIVENESS);
    }

    /** Whether the worker does all the work that it has been given. */
    public boolean isReady() {
        return reasons.stream().allMatch(reason -> reason.finding().probe() == Finding.Probe.NONE);
    }

    /** The reasons that a check of health shows. */
    public List<Reason> of(Finding.Check check) {
        return reasons.stream()
                .filter(reason -> reason.finding().check() == check)
                .toList();
    }

    /** The reasons in one line, {@linkplain #briefly shortened}; empty without any. */
    public String text() {
        return briefly(reasons).stream().map(Reason::text).collect(Collectors.joining("; "));
    }

    /** Reasons for people: of each finding the first three, and how many more there are. */
    public static List<Reason> briefly(List<Reason> reasons) {
        Map<Finding, List<Reason>> byFinding = new LinkedHashMap<>();
        reasons.forEach(reason -> byFinding
                .computeIfAbsent(reason.finding(), finding -> new ArrayList<>())
                .add(reason));
        return byFinding.entrySet().stream()
                .flatMap(same -> briefly(same.getKey(), same.getValue()))
                .toList();
    }

    private static Stream<Reason> briefly(Finding finding, List<Reason> same) {
        int more = same.size() - Few.NAMED;
        return more <= 0
                ? same.stream()
                : Stream.concat(
                        same.stream().limit(Few.NAMED),
                        Stream.of(new Reason(
                                finding, "more-" + finding.name(), "and " + more + " more: " + finding.name())));
    }
}
