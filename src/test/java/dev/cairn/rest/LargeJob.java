package dev.cairn.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import dev.cairn.settings.CheckpointMode;
import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.status.CheckpointReport.Outcome;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.MissingInputs;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.WorkerJudge;
import dev.cairn.worker.status.WorkerState;
import dev.cairn.worker.status.WorkerStatus;

/**
 * What the workers of a large job answer: made up, but in the types of the answers, and judged as workers judge. Workers have
 * two loops, and partitions go to the loops in turn, as the group's assignor gives them.
 */
final class LargeJob {

    private static final int LOOPS = 2;
    private static final String NAME = "orders-by-customer";

    private final int workers;
    private final int partitions;
    private final Set<Integer> parked = new HashSet<>();
    private final Set<Integer> restoring = new HashSet<>();
    private final Set<Integer> away = new HashSet<>();
    private final Set<Integer> left = new HashSet<>();
    private final JobJudgements judgements = new JobJudgements(System::nanoTime);
    private Duration sinceKafka = Duration.ofMillis(300);
    private boolean paused;
    private int round;

    LargeJob(int workers, int partitions) {
        this.workers = workers;
        this.partitions = partitions;
    }

    LargeJob park(Integer... these) {
        parked.addAll(List.of(these));
        return this;
    }

    LargeJob restore(Integer... these) {
        restoring.addAll(List.of(these));
        return this;
    }

    /** A worker, counted from 1, does not answer. */
    LargeJob lose(Integer worker) {
        away.add(worker);
        return this;
    }

    /** It has left, for good: the group knows nothing of it any more. */
    LargeJob forget(Integer worker) {
        left.add(worker);
        return this;
    }

    LargeJob pause() {
        paused = true;
        return this;
    }

    /** Kafka has not answered for so long. */
    LargeJob loseKafka(Duration since) {
        sinceKafka = since;
        return this;
    }

    /** How it stands now; a little later each time. */
    StreamEvent.Status picture() {
        round++;
        List<WorkerView> views = IntStream.rangeClosed(1, workers)
                .filter(worker -> !left.contains(worker))
                .mapToObj(this::worker)
                .toList();
        return new StreamEvent.Status(
                job(views), views.stream().map(WorkerView::withoutDetails).toList(), JobStatus.partitions(views));
    }

    private JobView job(List<WorkerView> views) {
        Judgement judgement = judgements.judge(views, partitions);
        Map<PartitionState, Long> states = new EnumMap<>(PartitionState.class);
        JobStatus.partitions(views).forEach(partition -> states.merge(partition.state(), 1L, Long::sum));
        long now = System.currentTimeMillis();
        List<WorkerView> reachable =
                views.stream().filter(WorkerView::reachable).toList();
        return new JobView(
                NAME,
                judgement.state(),
                judgement.reasons().stream().map(ReasonView::of).toList(),
                judgement.unknown(),
                paused,
                now - Duration.ofHours(122).toMillis(),
                Duration.ofHours(122).toMillis(),
                now,
                "0.1.0",
                "aggregate",
                CheckpointMode.EXACTLY_ONCE,
                10_000,
                List.of("orders"),
                "totals-by-customer",
                reachable.stream().mapToLong(WorkerView::records).sum(),
                reachable.stream().mapToDouble(WorkerView::recordsPerSecond).sum(),
                views.stream().allMatch(view -> view.reachable() && view.lag() != null)
                        ? views.stream().mapToLong(WorkerView::lag).sum()
                        : null,
                states,
                Control.OPEN);
    }

    private WorkerView worker(int worker) {
        String instance = "worker-" + worker;
        List<Integer> numbers = IntStream.range(0, partitions)
                .filter(partition -> partition % (workers * LOOPS) / LOOPS == worker - 1)
                .boxed()
                .toList();
        String address = "http://10.0.3." + worker + ":8080";
        if (away.contains(worker)) {
            return WorkerView.unreachable(instance, address, numbers, "does not answer: connection refused");
        }
        Random random = new Random(worker * 31L + round);
        List<PartitionView> details =
                numbers.stream().map(number -> partition(instance, number)).toList();
        Judgement judgement = judge(numbers);
        boolean stands = paused || kafkaIsAway();
        boolean lagIsKnown = details.stream().allMatch(partition -> partition.lag() != null);
        return new WorkerView(
                instance,
                address,
                true,
                worker == 1,
                paused ? ShownState.PAUSED : ShownState.RUNNING,
                "0.1.0",
                System.currentTimeMillis()
                        - Duration.ofHours(122).minusMinutes(worker * 97L).toMillis(),
                1_000_000L * worker + round * 9_000L,
                stands ? 0 : 4_000 + random.nextInt(900),
                lagIsKnown ? details.stream().mapToLong(PartitionView::lag).sum() : null,
                IntStream.range(0, LOOPS)
                        .mapToObj(loop -> new WorkerView.LoopView("cairn-loop-" + loop, "RUNNING", true, false, 12))
                        .toList(),
                numbers,
                (180L + random.nextInt(90)) << 20,
                512L << 20,
                0.97 + worker / 1000.0,
                random.nextInt(2),
                details,
                judgement.state().name(),
                judgement.reasons().stream().map(ReasonView::of).toList(),
                judgement.unknown(),
                sinceKafka.toMillis(),
                new StoreView(210L, List.of()));
    }

    private static String parkedBecause(int number) {
        return "s3://checkpoints/orders/partition-" + number + "/chk-1204/_metadata does not exist. The group names"
                + " chk-1204: bring it back, or start the job from another checkpoint with cairn.recovery.path";
    }

    private boolean kafkaIsAway() {
        return sinceKafka.compareTo(WorkerJudge.BROKER_LIMIT) > 0;
    }

    private PartitionView partition(String instance, int number) {
        PartitionState state = parked.contains(number)
                ? PartitionState.PARKED
                : restoring.contains(number) ? PartitionState.RESTORING : PartitionState.RUNNING;
        Random random = new Random(number);
        boolean runs = state == PartitionState.RUNNING;
        long behind =
                number % 37 == 5 ? 40_000 + 900L * number : number % 7 == 3 ? 900 + 31L * number : random.nextInt(80);
        Long lag = runs && !kafkaIsAway() ? Long.valueOf(behind + round) : null;
        long position = 48_000_000 + random.nextInt(900_000) + round * 200L;
        long now = System.currentTimeMillis();
        long checkpoint = 1_190L + number % 17;
        boolean fresh = number % 29 == 11;
        return new PartitionView(
                number,
                instance,
                number % (workers * LOOPS) % LOOPS,
                state,
                now
                        - Duration.ofMinutes(runs ? 184 + number : 2)
                                .plusSeconds(19)
                                .toMillis(),
                lag,
                runs
                        ? List.of(
                                new PartitionView.InputView("orders", position, position - random.nextInt(4_000), lag))
                        : List.of(),
                runs && !fresh
                        ? new PartitionView.CheckpointView(
                                checkpoint,
                                "s3://checkpoints/orders/partition-" + number + "/chk-" + checkpoint + "/_metadata",
                                random.nextInt(3 << 20),
                                (64L << 20) + random.nextInt(90 << 20),
                                now - 3_000 - random.nextInt(6_000))
                        : null,
                runs
                        ? new PartitionView.RestoredView(
                                2, "STORE", now - Duration.ofHours(3).toMillis())
                        : null,
                state == PartitionState.RESTORING
                        ? PartitionView.RestoreView.of(31L << 20, 118L << 20, now - 2_000, now)
                        : null,
                state == PartitionState.PARKED ? new PartitionView.ParkedView(parkedBecause(number)) : null,
                null);
    }

    private Judgement judge(List<Integer> numbers) {
        return new WorkerStatus(
                        new WorkerStatus.Identity("orders", "", "", Instant.EPOCH),
                        WorkerState.RUNNING,
                        paused,
                        IntStream.range(0, LOOPS).mapToObj(this::loop).toList(),
                        numbers.stream().map(this::standing).toList(),
                        new WorkerStatus.Surroundings(
                                sinceKafka,
                                StoreStatus.UNKNOWN,
                                MissingInputs.NONE,
                                kafkaIsAway() ? Optional.empty() : Optional.of(Map.of()),
                                Duration.ofMinutes(10)))
                .judgement();
    }

    private LoopInfo loop(int number) {
        return new LoopInfo(
                number,
                "RUNNING",
                true,
                new LoopInfo.Times(Duration.ZERO, Duration.ZERO, Duration.ZERO, sinceKafka),
                new LoopInfo.Work(0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0, 0),
                new LoopInfo.Checkpoints(0, 0, 0, Optional.empty()),
                new LoopInfo.RollBacks(0, 0, Duration.ZERO),
                new LoopInfo.Transactions(0, 0, 0));
    }

    private WorkerStatus.PartitionInfo standing(int number) {
        boolean isParked = parked.contains(number);
        boolean runs = !isParked && !restoring.contains(number);
        PartitionState state =
                isParked ? PartitionState.PARKED : runs ? PartitionState.RUNNING : PartitionState.RESTORING;
        OptionalLong lag = runs && !kafkaIsAway() ? OptionalLong.of(0) : OptionalLong.empty();
        return new WorkerStatus.PartitionInfo(
                number,
                0,
                new WorkerStatus.Standing(state, Instant.EPOCH, isParked ? parkedBecause(number) : ""),
                List.of(new WorkerStatus.InputInfo("orders", 0, 0, lag)),
                WorkerStatus.StateInfo.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The other answers of its workers, by their paths. */
    Map<String, Object> answers() {
        List<CheckpointRow> history = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (int i = 0; i < 120; i++) {
            history.add(checkpoint(i, now));
        }
        Map<String, Object> answers = new HashMap<>();
        answers.put("checkpoints", checkpoints(history));
        answers.put(
                "keys",
                Map.of(
                        "updates",
                        IntStream.range(0, 8)
                                .mapToObj(i -> Map.of(
                                        "key",
                                        "customer-" + (4_711 + i * 13),
                                        "partition",
                                        i * 7,
                                        "count",
                                        90_000 / (i + 1),
                                        "bound",
                                        12,
                                        "share",
                                        0.08 / (i + 1)))
                                .toList(),
                        "largest",
                        IntStream.range(0, 8)
                                .mapToObj(i -> Map.of(
                                        "state",
                                        "totals",
                                        "key",
                                        "customer-" + (815 + i),
                                        "partition",
                                        i * 11,
                                        "bytes",
                                        (9 - i) * 40_000))
                                .toList(),
                        "since",
                        now - 600_000));
        answers.put(
                "config",
                List.of(
                        Map.of("key", "cairn.job", "value", NAME, "source", "environment", "default", false),
                        Map.of(
                                "key",
                                "execution.checkpointing.interval",
                                "value",
                                "10s",
                                "source",
                                "default",
                                "default",
                                true)));
        return answers;
    }

    private CheckpointRow checkpoint(int i, long now) {
        Random random = new Random(i);
        int worker = i % workers + 1;
        boolean failed = i == 7;
        long at = now - 2_000 - i * 500L;
        long duration = 240L + random.nextInt(300);
        List<CheckpointRow.PartitionRow> parts = IntStream.range(0, partitions)
                .filter(partition -> partition % (workers * LOOPS) / LOOPS == worker - 1)
                .mapToObj(partition -> new CheckpointRow.PartitionRow(
                        partition,
                        1_190 + partition % 17,
                        "s3://checkpoints/orders/partition-" + partition + "/chk-1190/_metadata",
                        random.nextInt(3 << 20),
                        (64L << 20) + random.nextInt(1 << 20)))
                .toList();
        return new CheckpointRow(
                1_206 - i / workers,
                "worker-" + worker,
                i % LOOPS,
                failed ? Outcome.FAILED : Outcome.COMPLETED,
                false,
                "INTERVAL",
                at,
                at + duration,
                failed ? 60_000 : duration,
                parts.stream()
                        .mapToLong(CheckpointRow.PartitionRow::checkpointedSize)
                        .sum(),
                parts.stream().mapToLong(CheckpointRow.PartitionRow::stateSize).sum(),
                parts.size(),
                failed ? 0 : parts.size(),
                failed ? "the store has not answered within 1m 0s" : null,
                new CheckpointRow.Phases(3, 12, 40, duration - 120, 35, 30),
                parts,
                null);
    }

    private static CheckpointsView checkpoints(List<CheckpointRow> history) {
        Summary some = Summary.of(240, 300, 320, 410, 500, 539);
        Summary sizes = Summary.of(1 << 20, 3 << 20, 5 << 20, 9 << 20);
        return new CheckpointsView(
                new CheckpointsView.Counts(200, 44_312, 2, 44_309, 1),
                new CheckpointsView.Summaries(sizes, sizes, some, some, some, some, some, some, some),
                new CheckpointsView.Latest(history.get(0), null, history.get(7), null),
                history);
    }
}
