package dev.cairn.health;

import java.time.Duration;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

import dev.cairn.worker.PartitionState;
import dev.cairn.worker.WorkerLifecycle;
import dev.cairn.worker.WorkerState;
import dev.cairn.worker.WorkerStatus;

/**
 * The worker's health: alive while its loops turn, ready while its partitions run and checkpoints arrive, started once it
 * has joined the group.
 */
@ApplicationScoped
public class WorkerHealth {

    /** A loop that hangs this long in one turn is not going to come back: clients' own time-outs are shorter. */
    private static final Duration LONGEST_TURN = Duration.ofMinutes(5);

    private final WorkerLifecycle lifecycle;

    WorkerHealth(WorkerLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Produces
    @Liveness
    HealthCheck loops() {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("loops");
            Optional<WorkerStatus> status = status();
            if (status.isEmpty()) {
                return response.withData("worker", "not started").down().build();
            }
            boolean alive = status.get().state() != WorkerState.FAILED;
            response.withData("worker", status.get().state().name());
            for (WorkerStatus.LoopInfo loop : status.get().loops()) {
                boolean turns = loop.sinceLastTurn().compareTo(LONGEST_TURN) < 0;
                alive &= turns && !loop.state().equals("FAILED");
                response.withData(
                        loop.name(),
                        loop.state() + (loop.stalled() ? ", waits for a checkpoint" : "") + ", last turn "
                                + loop.sinceLastTurn().toMillis() + " ms ago");
            }
            return response.status(alive).build();
        };
    }

    @Produces
    @Readiness
    HealthCheck partitions() {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("partitions");
            Optional<WorkerStatus> status = status();
            if (status.isEmpty() || status.get().state() != WorkerState.RUNNING) {
                return response.withData(
                                "worker", status.map(now -> now.state().name()).orElse("not started"))
                        .down()
                        .build();
            }
            boolean ready = true;
            for (WorkerStatus.LoopInfo loop : status.get().loops()) {
                if (!loop.joined()) {
                    ready = false;
                    response.withData(loop.name(), "has not joined the group yet");
                }
            }
            int running = 0;
            for (WorkerStatus.PartitionInfo partition : status.get().partitions()) {
                if (partition.state() == PartitionState.RUNNING) {
                    running++;
                } else {
                    ready = false;
                    response.withData(
                            "partition-" + partition.number(),
                            partition.state()
                                    + (partition.parkedBecause().isEmpty() ? "" : ": " + partition.parkedBecause()));
                }
            }
            return response.withData("running", running).status(ready).build();
        };
    }

    @Produces
    @Readiness
    HealthCheck checkpoints() {
        return () -> {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("checkpoints");
            Optional<WorkerStatus> status = status();
            if (status.isEmpty()) {
                return response.withData("worker", "not started").down().build();
            }
            Duration limit = lifecycle.checkpointOverdueAfter();
            boolean inTime = true;
            for (WorkerStatus.LoopInfo loop : status.get().loops()) {
                if (loop.sinceLastCheckpoint().compareTo(limit) > 0) {
                    inTime = false;
                    response.withData(
                            loop.name(),
                            "no checkpoint for " + loop.sinceLastCheckpoint().toSeconds() + " s, overdue after "
                                    + limit.toSeconds() + " s");
                }
            }
            status.get().lastCheckpoint().ifPresent(last -> response.withData("last", "chk-" + last.number())
                    .withData("lastMillis", last.duration().toMillis())
                    .withData("lastBytes", last.deltaBytes()));
            return response.withData("completed", status.get().checkpoints())
                    .withData("failed", status.get().failedCheckpoints())
                    .status(inTime)
                    .build();
        };
    }

    @Produces
    @Startup
    HealthCheck started() {
        return () -> {
            Optional<WorkerStatus> status = status();
            boolean joined =
                    status.isPresent() && status.get().loops().stream().allMatch(WorkerStatus.LoopInfo::joined);
            return HealthCheckResponse.named("group")
                    .withData(
                            "joined",
                            joined ? "every loop has joined the group" : "not every loop has joined the group yet")
                    .status(joined)
                    .build();
        };
    }

    private Optional<WorkerStatus> status() {
        return lifecycle.worker().map(worker -> worker.status());
    }
}
