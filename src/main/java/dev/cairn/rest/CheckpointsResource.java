package dev.cairn.rest;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.fleet.Fleet;
import dev.cairn.fleet.History;

/** Checkpoints and savepoints: what they were like, what is in the store, and another one. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "checkpoints")
public class CheckpointsResource {

    private static final int MOST = 1_000;

    private final History history;
    private final JobStatus status;
    private final StoredCheckpoints stored;
    private final Fleet fleet;
    private final Targets targets;
    private final Requester requester;

    CheckpointsResource(
            History history,
            JobStatus status,
            StoredCheckpoints stored,
            Fleet fleet,
            Targets targets,
            Requester requester) {
        this.history = history;
        this.status = status;
        this.stored = stored;
        this.fleet = fleet;
        this.targets = targets;
        this.requester = requester;
    }

    @GET
    @Path("checkpoints")
    @Operation(
            summary = "The history of the job's checkpoints, newest first: counts, durations, sizes, by Flink's names.")
    public CheckpointsView checkpoints(@QueryParam("limit") @DefaultValue("" + MOST) int limit) {
        if (limit < 0) {
            throw Problems.wrong("limit=" + limit + " is less than nothing. Write 0 to " + MOST);
        }
        long inProgress = status.workers(requester.authorization()).stream()
                .mapToLong(WorkerView::checkpointsInProgress)
                .sum();
        return CheckpointsView.of(history.picture(MOST), inProgress, limit);
    }

    @GET
    @Path("checkpoints/{partition: \\d{1,9}}/{number: \\d{1,18}}")
    @Operation(summary = "What the _metadata of a checkpoint in the store says.")
    public StoredCheckpoint checkpoint(@PathParam("partition") int partition, @PathParam("number") long number) {
        return stored.find(partition, number)
                .orElseThrow(
                        () -> Problems.unknown(
                                "partition " + partition + " has no chk-" + number
                                        + " in the store (any more: a running job retires old ones). GET /checkpoints names the newest"));
    }

    @POST
    @Path("checkpoints")
    @Operation(summary = "Take a checkpoint, in every worker.")
    @APIResponse(responseCode = "202", ref = Accepted.RESPONSE)
    public Response takeCheckpoint() {
        return Accepted.answer(fleet::checkpoint);
    }

    @POST
    @Path("savepoints")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a savepoint of all partitions, after a checkpoint of every worker.")
    @APIResponse(responseCode = "202", ref = Accepted.RESPONSE)
    public Response makeSavepoint(SavepointRequest request) {
        return Accepted.answer(
                () -> fleet.savepoint(targets.checked(request == null ? null : request.targetDirectory())));
    }
}
