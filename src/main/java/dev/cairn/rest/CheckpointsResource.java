package dev.cairn.rest;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.fleet.Fleet;
import dev.cairn.fleet.History;

/** Checkpoints and savepoints: what they were like, what is in the store, and another one. */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
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

    CheckpointsResource(History history, JobStatus status, StoredCheckpoints stored, Fleet fleet, Targets targets) {
        this.history = history;
        this.status = status;
        this.stored = stored;
        this.fleet = fleet;
        this.targets = targets;
    }

    @GET
    @Path("checkpoints")
    @Operation(
            summary = "The history of the job's checkpoints, newest first: counts, durations, sizes, by Flink's names.")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", maximum = "" + MOST))
    @Blocking
    public Uni<CheckpointsView> checkpoints(@Context UriInfo request) {
        int wanted = Parameters.whole("limit", request, MOST).orElse(MOST);
        return Uni.createFrom()
                .completionStage(status::workers)
                .map(workers -> CheckpointsView.of(
                        history.picture(MOST),
                        workers.stream()
                                .mapToLong(WorkerView::checkpointsInProgress)
                                .sum(),
                        wanted));
    }

    @GET
    @Path("checkpoints/{partition}/{number}")
    @Operation(summary = "What the _metadata of a checkpoint in the store says.")
    public StoredCheckpoint checkpoint(
            @PathParam("partition") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) String partitionText,
            @PathParam("number") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) String numberText) {
        int partition = (int) Parameters.whole("partition", partitionText, Integer.MAX_VALUE);
        long number = Parameters.whole("number", numberText, Long.MAX_VALUE);
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
