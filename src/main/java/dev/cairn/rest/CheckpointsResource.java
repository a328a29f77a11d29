package dev.cairn.rest;

import java.util.List;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Checkpoints: what they were like, and what is in the store. */
@Path("/checkpoints")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "checkpoints")
public class CheckpointsResource {

    private static final int MOST = 1_000;

    private final RecentEvents events;
    private final JobStatus status;
    private final StoredCheckpoints stored;

    CheckpointsResource(RecentEvents events, JobStatus status, StoredCheckpoints stored) {
        this.events = events;
        this.status = status;
        this.stored = stored;
    }

    @GET
    @Operation(
            summary =
                    "The history of the job's checkpoints, newest first: counts, durations and sizes, by Flink's names.")
    public CheckpointsView checkpoints(@QueryParam("limit") @DefaultValue("1000") int limit) {
        if (limit < 0) {
            throw Problems.wrong("limit=" + limit + " is less than nothing. Write 0 to " + MOST);
        }
        List<WorkerView> workers = status.workers();
        return CheckpointsView.of(
                events.checkpoints(),
                events.restores(),
                workers.stream().mapToLong(WorkerView::checkpointsInProgress).sum(),
                Math.min(limit, MOST));
    }

    @GET
    @Path("/{partition}/{number}")
    @Operation(summary = "What the _metadata of a checkpoint in the store says.")
    public StoredCheckpoint checkpoint(@PathParam("partition") int partition, @PathParam("number") long number) {
        return stored.find(partition, number)
                .orElseThrow(
                        () -> Problems.unknown(
                                "partition " + partition + " has no chk-" + number
                                        + " in the store (any more: a running job retires old ones). GET /checkpoints names the newest"));
    }
}
