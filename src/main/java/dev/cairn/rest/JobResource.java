package dev.cairn.rest;

import java.util.List;
import java.util.function.Function;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.resteasy.reactive.jackson.CustomDeserialization;
import io.quarkus.resteasy.reactive.jackson.CustomSerialization;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

import dev.cairn.fleet.Fleet;
import dev.cairn.job.JobOperations.Drain;

/** The job, its workers and partitions, as any of its workers shows them, and what can be done to the job. */
@CustomSerialization(CairnJson.Writer.class)
@CustomDeserialization(CairnJson.Reader.class)
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "job")
public class JobResource {

    private final JobStatus status;
    private final Fleet fleet;
    private final Targets targets;
    private final Requester requester;

    JobResource(JobStatus status, Fleet fleet, Targets targets, Requester requester) {
        this.status = status;
        this.fleet = fleet;
        this.targets = targets;
        this.requester = requester;
    }

    @GET
    @Path("job")
    @Operation(summary = "The job: state, throughput and lag over all of its workers; and what the caller may do.")
    @Blocking
    public Uni<JobView> job() {
        Control control = requester.control();
        return workers(all -> status.job(all, control));
    }

    @GET
    @Path("workers")
    @Operation(summary = "The workers of the job, and which partitions each of them has.")
    @Blocking
    public Uni<List<WorkerView>> workers() {
        return workers(all -> all.stream().map(WorkerView::withoutDetails).toList());
    }

    @GET
    @Path("partitions")
    @Operation(summary = "The partitions of the job: positions, last checkpoints, restores, and why one is parked.")
    @Blocking
    public Uni<List<PartitionView>> partitions() {
        return workers(JobStatus::partitions);
    }

    /** No thread waits for the other workers. */
    private <T> Uni<T> workers(Function<List<WorkerView>, T> shown) {
        return Uni.createFrom().completionStage(status::workers).map(shown);
    }

    @POST
    @Path("job/stop")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Stop the job with a savepoint: all workers end, and none runs it again until it is started.")
    @APIResponse(responseCode = "202", ref = Accepted.RESPONSE)
    public Response stop(StopRequest request) {
        StopRequest wanted = request == null ? new StopRequest(null, false) : request;
        return Accepted.answer(() ->
                fleet.stop(targets.checked(wanted.targetDirectory()), wanted.drain() ? Drain.ALL_INPUT : Drain.NONE));
    }

    @POST
    @Path("job/cancel")
    @Operation(summary = "End the job for all workers; the retention mode says what is deleted.")
    @APIResponse(responseCode = "202", ref = Accepted.RESPONSE)
    public Response cancel() {
        return Accepted.answer(fleet::cancel);
    }

    @POST
    @Path("job/pause")
    @Operation(summary = "No worker processes a record until the job is resumed.")
    @APIResponse(responseCode = "202", ref = Accepted.RESPONSE)
    public Response pause() {
        return Accepted.answer(fleet::pause);
    }

    @POST
    @Path("job/resume")
    @Operation(summary = "All workers continue.")
    @APIResponse(responseCode = "202", ref = Accepted.RESPONSE)
    public Response resume() {
        return Accepted.answer(fleet::resume);
    }
}
