package dev.cairn.health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import dev.cairn.storage.StoreStatus;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.status.Finding.Check;
import dev.cairn.worker.status.Finding.Probe;
import dev.cairn.worker.status.Judgement;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.PartitionState;
import dev.cairn.worker.status.Reason;
import dev.cairn.worker.status.WorkerStatus;

/**
 * The worker's {@link Judgement} as probes: alive unless a restart may help, ready while it does all of its work. They have
 * threads of their own, so that no other request keeps them waiting.
 */
@ApplicationScoped
public class WorkerHealth {

    private static final int THREADS = 2;

    private final WorkerLifecycle lifecycle;
    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "cairn-health");
        thread.setDaemon(true);
        return thread;
    });

    WorkerHealth(WorkerLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Produces
    @Liveness
    AsyncHealthCheck loops() {
        return check("loops", Check.LOOPS, Probe.LIVENESS, (response, status) -> {
            response.withData("worker", status.state().name());
            for (LoopInfo loop : status.loops()) {
                response.withData(
                        loop.name(),
                        loop.state() + (loop.stalled() ? ", waits for a checkpoint" : "") + ", last turn "
                                + loop.times().turn().toMillis() + " ms ago");
            }
        });
    }

    @Produces
    @Readiness
    AsyncHealthCheck turns() {
        return check(
                "turns",
                Check.LOOPS,
                Probe.READINESS,
                (response, status) ->
                        response.withData("state", status.judgement().state().name()));
    }

    @Produces
    @Readiness
    AsyncHealthCheck partitions() {
        return check(
                "partitions",
                Check.PARTITIONS,
                Probe.READINESS,
                (response, status) -> response.withData("running", status.partitions(PartitionState.RUNNING)));
    }

    @Produces
    @Readiness
    AsyncHealthCheck checkpoints() {
        return check("checkpoints", Check.CHECKPOINTS, Probe.READINESS, (response, status) -> {
            status.lastCheckpoint().ifPresent(last -> response.withData("last", "chk-" + last.number())
                    .withData("lastMillis", last.duration().toMillis())
                    .withData("lastBytes", last.deltaBytes()));
            response.withData("completed", status.checkpoints()).withData("failed", status.failedCheckpoints());
        });
    }

    @Produces
    @Readiness
    AsyncHealthCheck kafka() {
        return check(
                "kafka",
                Check.KAFKA,
                Probe.READINESS,
                (response, status) -> response.withData(
                        "lastContactMillis", status.sinceBrokerContact().toMillis()));
    }

    /** Shows a failure with its cause from the first one on, and is down once it lasts. */
    @Produces
    @Readiness
    AsyncHealthCheck store() {
        return check("store", Check.STORE, Probe.READINESS, (response, status) -> {
            StoreStatus store = status.store();
            store.sinceContact().ifPresent(since -> response.withData("lastContactMillis", since.toMillis()));
            store.failing()
                    .forEach(failing -> response.withData(
                            failing.access().name().toLowerCase(Locale.ROOT),
                            "has failed for " + failing.lasting().toMillis() + " ms: " + failing.message()));
        });
    }

    @Produces
    @Startup
    AsyncHealthCheck started() {
        return aside(() -> {
            Optional<WorkerStatus> status = status();
            boolean joined = status.isPresent() && status.get().loops().stream().allMatch(LoopInfo::joined);
            if (lifecycle.waitingFor().isPresent()) {
                return notStarted(HealthCheckResponse.named("group"), true);
            }
            return HealthCheckResponse.named("group")
                    .withData(
                            "joined",
                            joined ? "every loop has joined the group" : "not every loop has joined the group yet")
                    .status(joined)
                    .build();
        });
    }

    @PreDestroy
    void close() {
        executor.shutdown();
    }

    private AsyncHealthCheck aside(Supplier<HealthCheckResponse> check) {
        return () -> Uni.createFrom().item(check).runSubscriptionOn(executor);
    }

    /** Shows figures of the status, and what follows from it. Before the worker has started, only liveness is up. */
    private AsyncHealthCheck check(
            String name, Check check, Probe probe, BiConsumer<HealthCheckResponseBuilder, WorkerStatus> figures) {
        return aside(() -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named(name);
            Optional<WorkerStatus> status = status();
            if (status.isEmpty()) {
                return notStarted(response, probe == Probe.LIVENESS);
            }
            figures.accept(response, status.get());
            return judged(response, status.get().judgement(), check, probe);
        });
    }

    /** Down where a finding of this check fails the probe; every finding of the check is shown, a few times. */
    private static HealthCheckResponse judged(
            HealthCheckResponseBuilder response, Judgement judgement, Check check, Probe probe) {
        List<Reason> reasons = judgement.of(check);
        boolean up =
                reasons.stream().allMatch(reason -> reason.finding().probe().compareTo(probe) < 0);
        Map<String, String> texts = new LinkedHashMap<>();
        for (Reason reason : Judgement.briefly(reasons)) {
            texts.merge(reason.subject(), reason.text(), (one, other) -> one + "; " + other);
        }
        texts.forEach(response::withData);
        return response.status(up).build();
    }

    private HealthCheckResponse notStarted(HealthCheckResponseBuilder response, boolean up) {
        return response.withData("worker", lifecycle.waitingFor().orElse("is being started"))
                .status(up)
                .build();
    }

    private Optional<WorkerStatus> status() {
        return lifecycle.worker().map(worker -> worker.status());
    }
}
